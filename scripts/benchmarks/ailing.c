/* Loaded into a program before libc (LD_PRELOAD): the disk below AILING_BELOW and the clock are as
 * the file AILING_IN says, which scripts/benchmarks/ailing.py writes while the program runs.
 *
 * A full disk takes no new byte and no new name. One that is broken refuses one of so many reads,
 * writes and syncs. The clock is so many seconds ahead; what only counts seconds is left alone. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct order {
    int64_t seconds; /* that the clock is ahead */
    int64_t error;   /* 0, ENOSPC or EIO */
    int64_t one_in;  /* of so many EIOs one comes */
    _Atomic int64_t asked, refused;
};

static _Atomic(struct order *) order;

static struct order *orders(void) {
    struct order *found = atomic_load(&order);
    if (found) return found;
    const char *path = getenv("AILING_IN");
    int handle = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0) : -1;
    if (handle < 0) return NULL;
    found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    syscall(SYS_close, handle);
    if (found == MAP_FAILED) return NULL;
    atomic_store(&order, found);
    return found;
}

static int is_below(const char *path) {
    const char *below = getenv("AILING_BELOW");
    size_t most = below ? strlen(below) : 0;
    return most && !strncmp(path, below, most) && (path[most] == '/' || !path[most]);
}

static int is_handle_below(int handle) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t got = readlink(link, path, PATH_MAX - 1);
    if (got < 0) return 0;
    path[got] = 0;
    return is_below(path);
}

static int refuse(struct order *now) {
    atomic_fetch_add(&now->refused, 1);
    errno = (int)now->error;
    return 1;
}

/* Whether what is asked of this file fails; a full disk can still be read and synced. */
static int fails(int handle, int takes_room) {
    struct order *now = orders();
    if (!now || !now->error || !is_handle_below(handle)) return 0;
    if (now->error == ENOSPC) return takes_room && refuse(now);
    return atomic_fetch_add(&now->asked, 1) % now->one_in == 0 && refuse(now);
}

static int is_no_new_name(int at, const char *given) {
    struct order *now = orders();
    if (!now || now->error != ENOSPC || !given) return 0;
    char from[PATH_MAX], path[2 * PATH_MAX + 2];
    if (given[0] == '/') {
        snprintf(path, sizeof path, "%s", given);
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        ssize_t got = at == AT_FDCWD ? readlink("/proc/self/cwd", from, sizeof from - 1)
                                     : readlink(link, from, sizeof from - 1);
        if (got < 0) return 0;
        from[got] = 0;
        snprintf(path, sizeof path, "%s/%s", from, given);
    }
    struct stat found;
    return is_below(path) && lstat(path, &found) && refuse(now);
}

static int opened(int at, const char *given, int flags, mode_t mode) {
    if ((flags & O_CREAT) && is_no_new_name(at, given)) return -1;
    return syscall(SYS_openat, at, given, flags, mode);
}

#define MODE(flags)                                                                \
    va_list rest;                                                                  \
    va_start(rest, flags);                                                         \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;         \
    va_end(rest);
#define OPEN(name) \
    int name(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { MODE(flags) return opened(at, path, flags, mode); }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int mkdirat(int at, const char *given, mode_t mode) {
    return is_no_new_name(at, given) ? -1 : (int)syscall(SYS_mkdirat, at, given, mode);
}
int mkdir(const char *given, mode_t mode) { return mkdirat(AT_FDCWD, given, mode); }

ssize_t write(int handle, const void *data, size_t bytes) {
    return fails(handle, 1) ? -1 : syscall(SYS_write, handle, data, bytes);
}
#define PWRITE(name)                                                               \
    ssize_t name(int handle, const void *data, size_t bytes, off_t offset) {       \
        return fails(handle, 1) ? -1 : syscall(SYS_pwrite64, handle, data, bytes, offset); \
    }
PWRITE(pwrite)
PWRITE(pwrite64)
#define PWRITEV(name)                                                              \
    ssize_t name(int handle, const struct iovec *parts, int count, off_t offset) { \
        return fails(handle, 1) ? -1 : syscall(SYS_pwritev, handle, parts, count, offset, 0); \
    }
PWRITEV(pwritev)
PWRITEV(pwritev64)
#define PREAD(name)                                                                \
    ssize_t name(int handle, void *data, size_t bytes, off_t offset) {             \
        return fails(handle, 0) ? -1 : syscall(SYS_pread64, handle, data, bytes, offset); \
    }
PREAD(pread)
PREAD(pread64)

int fsync(int handle) { return fails(handle, 0) ? -1 : (int)syscall(SYS_fsync, handle); }
int fdatasync(int handle) { return fails(handle, 0) ? -1 : (int)syscall(SYS_fdatasync, handle); }

/* Longer or shorter: made longer it has holes, which take no room. */
#define CUT(name)                                                                  \
    int name(int handle, off_t length) {                                           \
        return fails(handle, 0) ? -1 : (int)syscall(SYS_ftruncate, handle, length); \
    }
CUT(ftruncate)
CUT(ftruncate64)
#define ROOM(name)                                                                 \
    int name(int handle, off_t offset, off_t length) {                             \
        if (fails(handle, 1)) return errno;                                        \
        return syscall(SYS_fallocate, handle, 0, offset, length) ? errno : 0;      \
    }
ROOM(posix_fallocate)
ROOM(posix_fallocate64)

static int64_t ahead(void) {
    struct order *now = orders();
    return now ? now->seconds : 0;
}

int clock_gettime(clockid_t which, struct timespec *told) {
    int result = (int)syscall(SYS_clock_gettime, which, told);
    if (!result && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
        told->tv_sec += ahead();
    return result;
}

int gettimeofday(struct timeval *restrict told, void *restrict zone) {
    int result = (int)syscall(SYS_gettimeofday, told, zone);
    if (!result) told->tv_sec += ahead();
    return result;
}

time_t time(time_t *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told) *told = now.tv_sec;
    return now.tv_sec;
}
