from ._build import uncompiled_modules as uncompiled_modules
