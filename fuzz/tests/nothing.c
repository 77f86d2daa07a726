/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that does nothing: meson links it with a floor to see that the floor calls no higher one. */
int
main(void)
{
    return 0;
}
