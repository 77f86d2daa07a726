/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program that does nothing. meson links it with one floor, to check that the floor does not call a higher one. */
int
main(void)
{
    return 0;
}
