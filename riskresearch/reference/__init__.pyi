from ._check import ReferenceCheck as ReferenceCheck, reference_check as reference_check
