# The order statistic that R's type 1 takes where level * n is an integer on paper but not in floating point.
# Run from this folder: Rscript ranks.R > ranks.out
for (case in list(c(.55, 100), c(.55, 180), c(.55, 200), c(.54, 450), c(.545, 200), c(.56, 25), c(.58, 50), c(.95, 20),
                  c(.99, 100)))
  cat(sprintf("(%s, %d, %d),  # level * n = %.17g\n", case[1], case[2],
              quantile(seq_len(case[2]), case[1], type = 1, names = FALSE), case[1] * case[2]))
