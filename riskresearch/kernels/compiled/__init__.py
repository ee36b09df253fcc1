"""Kernels that are compiled ahead of time: each file of this folder and its folders is an extension module."""
