# R's nine quantile types (Hyndman and Fan 1996) on three fixed samples of losses.
# Run from this folder: Rscript quantiles.R > quantiles.out
losses11 <- c(0.031, -0.012, 0.004, 0.027, -0.005, 0.052, -0.021, 0.013, 0.008, -0.034, 0.019)
losses20 <- c(12, -7, 3, 25, -18, 9, 41, -2, 5, 16, -11, 30, 1, -25, 7, 19, -4, 58, 22, -9) / 1000
k <- 1:250
losses250 <- ((k * 7919) %% 1009 - 504)^3 / 1280240640
cat("# losses250: sum", sprintf("%.17g", sum(losses250)), "first three", sprintf("%.17g", losses250[1:3]), "\n")
for (name in c("losses11", "losses20", "losses250")) for (level in c(.9, .95, .99, .56)) {
  q <- sapply(1:9, function(type) quantile(get(name), level, type = type, names = FALSE))
  cat(sprintf("(\"%s\", %s): (%s),\n", name, format(level), paste(sprintf("%.17g", q), collapse = ", ")))
}
