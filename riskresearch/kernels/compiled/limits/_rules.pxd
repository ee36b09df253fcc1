from riskresearch.kernels.compiled.limits._worlds cimport Worlds

cdef class Rules:
    cdef Worlds worlds
    cdef long long[::1] kind
    cdef long long[::1] code
    cdef long long[::1] counted
    cdef long long[::1] inclusive
    cdef long long[::1] exempt
    cdef long long[::1] missing
    cdef long long[::1] scope
    cdef long long[::1] per
    cdef double[::1] given
    cdef long long[::1] table
    cdef long long[::1] second
    cdef long long[::1] unit
    cdef long long[::1] option
    cdef long long[::1] totals
    cdef long long[::1] window
    cdef double[::1] deny
    cdef double[::1] warn
    cdef long long[::1] wide_deny
    cdef long long[::1] wide_warn
    cdef double[:, ::1] tables
    cdef const long long[:, ::1] holds
    cdef double[::1] value_of
    cdef double[::1] factor
    cdef double[::1] price
    cdef double[::1] best_buy
    cdef double[::1] best_sell
    cdef double nav
    cdef Py_ssize_t gross
    cdef const long long[:] column
    cdef const double[:] units
    cdef const double[:] limit_price
    cdef const long long[:] time
    cdef const long long[:] strategy
    cdef const long long[:] key
    cdef const double[:, :] flags
    cdef double nothing
    cdef double infinity
    cdef long long no_time
    cdef Py_ssize_t world
    cdef double start
    cdef double after
    cdef double lowers
    cdef double raises
    cdef double number
    cdef double bound
    cdef long long fires
    cdef bint eases
    cdef bint reduces
    cdef void stand(self, Py_ssize_t lane, Py_ssize_t order, double units) noexcept nogil
    cdef double paid(self, Py_ssize_t order, double units, bint worst) noexcept nogil
    cdef void entry(self, Py_ssize_t rule, Py_ssize_t order, double units) noexcept nogil
    cdef void meeting(self, Py_ssize_t order, double units) noexcept nogil
    cdef void trading_state(self, Py_ssize_t rule, Py_ssize_t order, double units) noexcept nogil
    cdef void flow(self, Py_ssize_t rule, Py_ssize_t order) noexcept nogil
    cdef double new_sum(self, Py_ssize_t rule, Py_ssize_t total, Py_ssize_t column) noexcept nogil
    cdef void book(self, Py_ssize_t rule, Py_ssize_t order, double units) noexcept nogil
    cdef void large_groups(self, Py_ssize_t rule, Py_ssize_t column) noexcept nogil
    cdef void power(self, Py_ssize_t rule, Py_ssize_t order, double units) noexcept nogil
    cdef long long grade(self, Py_ssize_t rule, Py_ssize_t order, double units) noexcept nogil
    cdef long long softened(self, Py_ssize_t rule, Py_ssize_t order, long long grade, bint is_order) noexcept nogil
    cdef void fill(self, Py_ssize_t order, double units) noexcept nogil
    cdef void send(self, Py_ssize_t order, Py_ssize_t place, bint cancels) noexcept nogil
