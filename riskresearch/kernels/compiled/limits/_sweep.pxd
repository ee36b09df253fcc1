from riskresearch.kernels.compiled.limits._rules cimport Rules

cdef class Sweep:
    cdef Rules rules
    cdef Py_ssize_t room
    cdef bint priced
    cdef long long[::1] column
    cdef double[::1] units
    cdef double[::1] limit
    cdef double[::1] held
    cdef double[::1] side
    cdef double[::1] raises
    cdef double[::1] lowers
    cdef double[::1] money
    cdef double[::1] number
    cdef double[::1] bound
    cdef double[::1] warn
    cdef double[::1] other
    cdef double[::1] grade
    cdef double[::1] missing
    cdef long long[::1] denied
    cdef long long[::1] warned
    cdef void gather(self, double[::1] found, Py_ssize_t row, Py_ssize_t count) noexcept nogil
    cdef void look_up(self, double[::1] found, double[::1] values, Py_ssize_t count) noexcept nogil
    cdef void load(self, Py_ssize_t first, Py_ssize_t count) noexcept nogil
    cdef void thresholds(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void sizes(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void collars(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void measured(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void increments(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void lists(self, Py_ssize_t rule, Py_ssize_t first, Py_ssize_t count) noexcept nogil
    cdef void one_by_one(self, Py_ssize_t rule, Py_ssize_t first, Py_ssize_t count) noexcept nogil
    cdef void unknown(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void spare(self, Py_ssize_t rule, Py_ssize_t count) noexcept nogil
    cdef void add(self, Py_ssize_t rule, Py_ssize_t first, Py_ssize_t count) noexcept nogil
    cdef void judge(self, Py_ssize_t first, Py_ssize_t count) noexcept nogil
