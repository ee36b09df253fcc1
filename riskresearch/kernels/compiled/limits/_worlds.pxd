cdef class Worlds:
    cdef double[::1] value_of
    cdef double[:, ::1] longs
    cdef double[:, ::1] shorts
    cdef long long[:, ::1] cells
    cdef long long[::1] large
    cdef double[::1] threshold
    cdef double[:, ::1] held
    cdef double[:, :, ::1] sums
    cdef long long[:, ::1] unknown
    cdef long long[::1] count
    cdef double[:, :, ::1] large_sums
    cdef double[:, ::1] traded
    cdef double[:, ::1] cash
    cdef long long[:, ::1] head
    cdef long long[:, ::1] tail
    cdef long long[:, ::1] length
    cdef long long[:, ::1] link
    cdef long long[:, ::1] when
    cdef long long[::1] last
    cdef Py_ssize_t lanes
    cdef Py_ssize_t strategies
    cdef long long no_time
    cdef double term(self, Py_ssize_t total, Py_ssize_t column, double units) noexcept nogil
    cdef double total(self, Py_ssize_t world, long long cell) noexcept nogil
    cdef void move(self, Py_ssize_t world, Py_ssize_t total, Py_ssize_t column, double before, double after) noexcept nogil
    cdef void put(self, Py_ssize_t world, Py_ssize_t column, double units) noexcept nogil
    cdef Py_ssize_t key(self, long long scope, Py_ssize_t column, Py_ssize_t strategy) noexcept nogil
    cdef void fill(self, Py_ssize_t column, Py_ssize_t strategy, double units, double paid, double worst) noexcept nogil
    cdef long long sent(self, Py_ssize_t ring, Py_ssize_t key, long long time, long long window) noexcept nogil
    cdef void send(self, Py_ssize_t ring, Py_ssize_t key, Py_ssize_t place, long long time, long long window) noexcept nogil
