from ._register import register_accessor as register_accessor
