# Modified VaR and modified ES of a standardised return with given skewness and excess kurtosis.
# The tail mean is integrated numerically: no closed form is used. Run: Rscript cornish_fisher.R > cornish_fisher.out
density2 <- function(z, s, k) {  # second-order Edgeworth expansion, probabilists' Hermite polynomials
  he3 <- z^3 - 3 * z; he4 <- z^4 - 6 * z^2 + 3; he6 <- z^6 - 15 * z^4 + 45 * z^2 - 15
  dnorm(z) * (1 + s / 6 * he3 + k / 24 * he4 + s^2 / 72 * he6)
}
quantile2 <- function(z, s, k) z + (z^2 - 1) * s / 6 + (z^3 - 3 * z) * k / 24 - (2 * z^3 - 5 * z) * s^2 / 36
cases <- rbind(c(0, 0, .95), c(0, 0, .99), c(-.5, 1, .95), c(-.5, 1, .99), c(.3, 2, .95), c(.3, 2, .99), c(-1, 3, .95),
               c(-1, 3, .99), c(.8, 0, .975), c(0, 6, .95), c(-.08, -.57, .95), c(-2.68, 16.2, .95), c(-2.68, 16.2, .99))
cat("# skewness, excess kurtosis, level, modified VaR = -h, modified ES unfloored, with floor max(ES, VaR), mass below h\n")
for (i in seq_len(nrow(cases))) {
  s <- cases[i, 1]; k <- cases[i, 2]; level <- cases[i, 3]; a <- 1 - level
  h <- quantile2(qnorm(a), s, k)
  f <- function(z) z * density2(z, s, k); g <- function(z) density2(z, s, k)
  tail <- function(fun) integrate(fun, h - 40, h - 8, rel.tol = 1e-12, abs.tol = 0)$value +
    integrate(fun, h - 8, h, rel.tol = 1e-13, abs.tol = 0)$value
  es <- -tail(f) / a
  cat(sprintf("(%s, %s, %s, %.12f, %.12f, %.12f, %.12f),\n", s, k, level, -h, es, max(es, -h), tail(g)))
}
