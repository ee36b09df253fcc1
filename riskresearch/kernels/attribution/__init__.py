"""Attribution kernels: NumPy arrays in, arrays out."""
