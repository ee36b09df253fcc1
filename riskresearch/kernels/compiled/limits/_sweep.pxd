from riskresearch.kernels.compiled.limits._rules cimport Rules

cdef class Sweep:
    cdef Rules rules
    cdef bint priced
    cdef Py_ssize_t room
    cdef long long[::1] column
    cdef double[::1] units
    cdef double[::1] limit
    cdef double[::1] raises
    cdef double[::1] lowers
    cdef double[::1] money
    cdef double[::1] number
    cdef double[::1] bound
    cdef double[::1] warn
    cdef long long[::1] fires
    cdef long long[::1] denied
    cdef long long[::1] warned
    cdef void load(self, Py_ssize_t first, Py_ssize_t count) noexcept nogil
    cdef void thresholds(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void sizes(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void collars(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void increments(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void lists(self, Py_ssize_t rule, Py_ssize_t first, Py_ssize_t count) noexcept nogil
    cdef void grades(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void fired(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void one_by_one(self, Py_ssize_t rule, Py_ssize_t first, Py_ssize_t count) noexcept nogil
    cdef void judge(self, Py_ssize_t first, Py_ssize_t count) noexcept nogil
