# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What R says of some data sets, as test-statistics.c includes it. After a change, from this directory:
#
#   Rscript statistics.R > statistics.expected

ints <- function(x) paste(format(x, scientific = FALSE, trim = TRUE), collapse = ", ")
lines <- function(x) cat(strwrap(x, 116, indent = 4, exdent = 4), sep = "\n")
real <- function(x) trimws(formatC(x, digits = 17, format = "g"))

# The largest rank whose interval of order statistics covers the median at 95 % or more; 0 for none.
rank_of <- function(n) {
    k <- qbinom(0.025, n, 0.5)
    stopifnot(k == 0 || 1 - 2 * pbinom(k - 1, n, 0.5) >= 0.95, 1 - 2 * pbinom(k, n, 0.5) < 0.95)
    k
}

RNGversion("3.6.0")
set.seed(1)
sets <- list(
    one = 42,
    two = c(7, 3),
    five = c(5, 1, 4, 2, 3),
    six = c(60, 10, 50, 20, 40, 30),
    odd = c(812, 640, 655, 701, 633, 699, 1204, 648, 671, 690, 662),
    even = c(15, 3, 9, 27, 81, 243, 1, 729, 2187, 6561),
    ties = c(5, 5, 5, 7, 5, 7, 7, 5, 9, 5, 7, 5),
    same = rep(1000, 9),
    large = 1e9 + c(17, 3, 999999999, 250, 1, 77, 12345678, 500, 0, 31, 64, 8, 2),
    far = c(9e15, 1, 2, 3, 4, 5, 6, 7),
    thousand = round(rlnorm(1000, log(6e8), 0.3))
)

cat("/* Printed by statistics.R, which says how. */\n")
for (name in names(sets)) {
    cat("static const gint64 ", name, "[] = {\n", sep = "")
    lines(ints(sets[[name]]))
    cat("};\n")
}
cat("static const Expected expected[] = {\n")
for (name in names(sets)) {
    x <- sets[[name]]
    n <- length(x)
    k <- rank_of(n)
    low <- if (k > 0) sort(x)[k] else 0
    high <- if (k > 0) sort(x)[n - k + 1] else 0
    figures <- c(min(x), max(x), median(x), quantile(x, c(0.9, 0.99), type = 7), mad(x, constant = 1), low, high)
    cat("    { \"", name, "\", ", name, ", ", n, ", { ", paste(real(figures), collapse = ", "), " } },\n", sep = "")
}
cat("};\nstatic const gsize ranks[] = {\n")
lines(paste0(ints(sapply(1:200, rank_of)), ","))
cat("};\nstatic const gsize far_ranks[][2] = {\n")
for (n in c(1000, 1100, 10000, 100000))
    cat("    { ", format(n, scientific = FALSE), ", ", rank_of(n), " },\n", sep = "")
cat("};\n")
