"""Kernels that are compiled ahead of time: each file of this folder is an extension module."""
