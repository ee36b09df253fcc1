from ._bundled import build_bundled_report as build_bundled_report
from ._from_file import build_file_report as build_file_report
from ._report import Report as Report, build_report as build_report
from .comparison._build import build_comparison as build_comparison
from .comparison._from_files import build_file_comparison as build_file_comparison
