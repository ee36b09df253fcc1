from ._bundled import build_bundled_report as build_bundled_report
from ._files import DataFile as DataFile, read_data_file as read_data_file
from ._report import SECTION_NAMES as SECTION_NAMES, Report as Report, build_report as build_report
from ._tables import ReportTables as ReportTables
