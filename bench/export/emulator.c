/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stands for a QEMU that libvirt asks what it can do: answers as the file CONVERSATION says. Lines that begin with {"execute" are
 * commands, the lines after each of them the answer. The lines before the first command are the greeting. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define UNKNOWN "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"not in the conversation\"}}\r\n"

static int
is_command(const char *line)
{
    return strncmp(line, "{\"execute\"", 10) == 0;
}

/* Returns what comes after "execute" in a command: its name, between quotes. */
static const char *
name_of(const char *line)
{
    const char *name = strchr(line + 10, '"');
    return name ? name : line;
}

/* Sends the lines up to the next command, all at once. */
static void
send_answer(FILE *conversation, FILE *to)
{
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, conversation) > 0 && !is_command(line))
        fprintf(to, "%.*s\r\n", (int)strcspn(line, "\n"), line);
    free(line);
    fflush(to);
}

/* Answers a command like the first one of this name in the conversation. */
static void
answer(FILE *conversation, const char *command, FILE *to)
{
    const char *name = name_of(command);
    size_t length = strcspn(name + 1, "\"") + 2, size = 0;
    char *line = NULL;
    rewind(conversation);
    while (getline(&line, &size, conversation) > 0) {
        if (is_command(line) && strncmp(name_of(line), name, length) == 0) {
            send_answer(conversation, to);
            free(line);
            return;
        }
    }
    free(line);
    fputs(UNKNOWN, to);
    fflush(to);
}

/* Writes the process ID of QEMU, as its option -pidfile says. */
static void
write_pid(const char *file, pid_t pid)
{
    FILE *out = fopen(file, "w");
    if (out) {
        fprintf(out, "%d\n", pid);
        fclose(out);
    }
}

int
main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *pidfile = "/dev/null";
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "-pidfile") == 0)
            pidfile = argv[i + 1];
        if (strncmp(argv[i + 1], "unix:", 5) == 0)
            snprintf(address.sun_path, sizeof(address.sun_path), "%.*s", (int)strcspn(argv[i + 1] + 5, ","),
                     argv[i + 1] + 5);
    }
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    FILE *conversation = fopen(CONVERSATION, "r");
    if (!conversation || !*address.sun_path || bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, 1) != 0)
        return 1;
    pid_t pid = fork();
    if (pid != 0) {
        write_pid(pidfile, pid);
        return pid < 0;
    }

    /* libvirt waits until nobody can write to its pipes. */
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
        return 1;
    int connection = accept(listener, NULL, NULL);
    FILE *from = fdopen(connection, "r"), *to = fdopen(dup(connection), "w");
    char *command = NULL;
    size_t size = 0;
    if (!from || !to)
        return 1;
    send_answer(conversation, to);
    while (getline(&command, &size, from) > 0) {
        if (is_command(command))
            answer(conversation, command, to);
    }
    return 0;
}
