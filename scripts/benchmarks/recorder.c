/* Loaded into a program before libc (LD_PRELOAD): notes in their order what it does to the files
 * below RECORD_BELOW that a power cut could undo, in the file RECORD_IN. scripts/benchmarks/disk.py
 * reads the notes and rebuilds the disk from them.
 *
 * What is done is noted after it was done, so that a note of a sync is never early. Of files that
 * SQLite writes in places (*.db, *-wal, *-journal) each write is noted; of every other file its
 * whole content, read just before it is synced: so what a program without this has written counts
 * as well. Children inherit it, as far as they inherit the environment. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct note {
    char kind; /* E entered, X taken out, R renamed, W written, T cut to a length, S synced */
    char is_new, is_folder, is_last; /* is_last: no name of it is left */
    uint32_t name_bytes, data_bytes;
    uint64_t folder, other, file, offset; /* inodes; of a file its new folder is `other` */
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int log_handle = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int note_down(struct note *one, const char *name, const void *data) {
    int before = errno;
    if (log_handle < 0) {
        const char *path = getenv("RECORD_IN");
        /* High, so that it is none that a child takes for its own. */
        int handle = path ? (int)syscall(SYS_openat, AT_FDCWD, path,
                                         O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
        log_handle = handle < 0 ? -1 : fcntl(handle, F_DUPFD_CLOEXEC, 700);
        if (handle >= 0) syscall(SYS_close, handle);
    }
    one->name_bytes = name ? strlen(name) : 0;
    struct iovec parts[] = {
        {one, sizeof *one}, {(void *)name, one->name_bytes}, {(void *)data, one->data_bytes}};
    ssize_t whole = sizeof *one + one->name_bytes + one->data_bytes;
    if (log_handle < 0 || syscall(SYS_writev, log_handle, parts, 3) != whole) {
        static const char words[] = "recorder: a note could not be written\n";
        syscall(SYS_write, 2, words, sizeof words - 1);
        abort(); /* half a record proves nothing */
    }
    errno = before;
    return 0;
}

/* The absolute path, if it lies below what is recorded. */
static int is_below(int at, const char *given, char *path) {
    const char *below = getenv("RECORD_BELOW");
    if (!below || !given) return 0;
    if (given[0] == '/') {
        snprintf(path, PATH_MAX, "%s", given);
    } else {
        char from[PATH_MAX];
        if (at == AT_FDCWD) {
            if (!getcwd(from, sizeof from)) return 0;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", at);
            ssize_t got = readlink(link, from, sizeof from - 1);
            if (got < 0) return 0;
            from[got] = 0;
        }
        if (snprintf(path, PATH_MAX, "%s/%s", from, given) >= PATH_MAX) return 0;
    }
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') path[--length] = 0;
    size_t most = strlen(below);
    return !strncmp(path, below, most) && path[most] == '/';
}

static int is_handle_below(int handle, char *path) {
    char link[64];
    const char *below = getenv("RECORD_BELOW");
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t got = below ? readlink(link, path, PATH_MAX - 1) : -1;
    if (got < 0) return 0;
    path[got] = 0;
    size_t most = strlen(below);
    return !strncmp(path, below, most) && (path[most] == '/' || !path[most]);
}

static int ends(const char *path, const char *end) {
    size_t length = strlen(path), most = strlen(end);
    return length >= most && !strcmp(path + length - most, end);
}

static int is_written_in_places(const char *path) {
    return ends(path, ".db") || ends(path, "-wal") || ends(path, "-journal");
}

static uint64_t inode(const char *path) {
    struct stat found;
    return lstat(path, &found) ? 0 : found.st_ino;
}

static uint64_t folder_of(const char *path) {
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *last = strrchr(folder, '/');
    if (last) *last = 0;
    return inode(folder);
}

static const char *name_of(const char *path) { return strrchr(path, '/') + 1; }

static void entered(const char *path, int is_new) {
    struct stat found;
    if (lstat(path, &found)) return;
    struct note one = {.kind = 'E', .is_new = is_new, .is_folder = S_ISDIR(found.st_mode),
                       .folder = folder_of(path), .file = found.st_ino};
    note_down(&one, name_of(path), NULL);
}

static int opened(int at, const char *given, int flags, mode_t mode) {
    char path[PATH_MAX];
    if (!(flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE || !is_below(at, given, path))
        return syscall(SYS_openat, at, given, flags, mode);
    pthread_mutex_lock(&turn);
    int was_there = inode(path) != 0;
    int handle = syscall(SYS_openat, at, given, flags, mode);
    if (handle >= 0 && !was_there) entered(path, 1);
    pthread_mutex_unlock(&turn);
    return handle;
}

#define OPEN(name)                                                                  \
    int name(const char *path, int flags, ...) {                                    \
        va_list rest;                                                               \
        va_start(rest, flags);                                                      \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;      \
        va_end(rest);                                                               \
        return opened(AT_FDCWD, path, flags, mode);                                 \
    }
#define OPENAT(name)                                                                \
    int name(int at, const char *path, int flags, ...) {                            \
        va_list rest;                                                               \
        va_start(rest, flags);                                                      \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;      \
        va_end(rest);                                                               \
        return opened(at, path, flags, mode);                                       \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int mkdirat(int at, const char *given, mode_t mode) {
    char path[PATH_MAX];
    if (!is_below(at, given, path)) return REAL(mkdirat)(at, given, mode);
    pthread_mutex_lock(&turn);
    int result = REAL(mkdirat)(at, given, mode);
    if (!result) entered(path, 1);
    pthread_mutex_unlock(&turn);
    return result;
}

int mkdir(const char *given, mode_t mode) { return mkdirat(AT_FDCWD, given, mode); }

int linkat(int from_at, const char *from, int at, const char *given, int flags) {
    char path[PATH_MAX];
    if (!is_below(at, given, path)) return REAL(linkat)(from_at, from, at, given, flags);
    pthread_mutex_lock(&turn);
    int result = REAL(linkat)(from_at, from, at, given, flags);
    if (!result) entered(path, 0);
    pthread_mutex_unlock(&turn);
    return result;
}

int link(const char *from, const char *given) { return linkat(AT_FDCWD, from, AT_FDCWD, given, 0); }

int unlinkat(int at, const char *given, int flags) {
    char path[PATH_MAX];
    if (!is_below(at, given, path)) return REAL(unlinkat)(at, given, flags);
    pthread_mutex_lock(&turn);
    struct stat found = {0};
    lstat(path, &found);
    uint64_t folder = folder_of(path);
    int result = REAL(unlinkat)(at, given, flags);
    if (!result) {
        struct note one = {.kind = 'X', .folder = folder, .file = found.st_ino,
                           .is_last = S_ISDIR(found.st_mode) || found.st_nlink == 1};
        note_down(&one, name_of(path), NULL);
    }
    pthread_mutex_unlock(&turn);
    return result;
}

int unlink(const char *given) { return unlinkat(AT_FDCWD, given, 0); }
int rmdir(const char *given) { return unlinkat(AT_FDCWD, given, AT_REMOVEDIR); }

int renameat(int from_at, const char *from, int at, const char *given) {
    char path[PATH_MAX], old[PATH_MAX];
    int is_here = is_below(at, given, path), was_here = is_below(from_at, from, old);
    if (!is_here && !was_here) return REAL(renameat)(from_at, from, at, given);
    pthread_mutex_lock(&turn);
    struct stat found = {0};
    lstat(old, &found);
    uint64_t folder = folder_of(old);
    int result = REAL(renameat)(from_at, from, at, given);
    if (!result) { /* a folder outside is one that nobody knows: no harm */
        struct note one = {.kind = 'R', .folder = folder, .other = folder_of(path),
                           .file = found.st_ino, .is_folder = S_ISDIR(found.st_mode)};
        const char *to = name_of(path);
        one.data_bytes = strlen(to);
        note_down(&one, name_of(old), to);
    }
    pthread_mutex_unlock(&turn);
    return result;
}

int rename(const char *from, const char *given) {
    return renameat(AT_FDCWD, from, AT_FDCWD, given);
}

static int synced(int handle, int (*way)(int)) {
    char path[PATH_MAX];
    struct stat found;
    if (!is_handle_below(handle, path) || fstat(handle, &found)) return way(handle);
    struct note one = {.kind = 'S', .file = found.st_ino, .is_folder = S_ISDIR(found.st_mode)};
    char *content = NULL;
    if (S_ISREG(found.st_mode) && !is_written_in_places(path)) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
        int reading = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
        content = malloc(found.st_size + 1);
        ssize_t got = reading < 0 || !content ? -1 : pread(reading, content, found.st_size, 0);
        if (reading >= 0) syscall(SYS_close, reading);
        if (got < 0) abort();
        one.data_bytes = got;
        one.is_new = 1; /* with its content */
    }
    int result = way(handle);
    if (!result) note_down(&one, NULL, content);
    free(content);
    return result;
}

int fsync(int handle) { return synced(handle, REAL(fsync)); }
int fdatasync(int handle) { return synced(handle, REAL(fdatasync)); }

static void wrote(int handle, const char *path, const void *data, ssize_t bytes, off_t offset) {
    struct stat found;
    if (bytes <= 0 || !is_written_in_places(path) || fstat(handle, &found)) return;
    struct note one = {.kind = 'W', .file = found.st_ino, .offset = offset, .data_bytes = bytes};
    note_down(&one, NULL, data);
}

static ssize_t written_at(int handle, const void *data, size_t bytes, off_t offset) {
    char path[PATH_MAX];
    if (!is_handle_below(handle, path))
        return syscall(SYS_pwrite64, handle, data, bytes, offset);
    pthread_mutex_lock(&turn);
    ssize_t result = syscall(SYS_pwrite64, handle, data, bytes, offset);
    wrote(handle, path, data, result, offset);
    pthread_mutex_unlock(&turn);
    return result;
}

ssize_t pwrite(int handle, const void *data, size_t bytes, off_t offset) {
    return written_at(handle, data, bytes, offset);
}
ssize_t pwrite64(int handle, const void *data, size_t bytes, off_t offset) {
    return written_at(handle, data, bytes, offset);
}

ssize_t write(int handle, const void *data, size_t bytes) {
    char path[PATH_MAX];
    if (!is_handle_below(handle, path) || !is_written_in_places(path))
        return syscall(SYS_write, handle, data, bytes);
    pthread_mutex_lock(&turn);
    ssize_t result = syscall(SYS_write, handle, data, bytes);
    wrote(handle, path, data, result, lseek(handle, 0, SEEK_CUR) - (result > 0 ? result : 0));
    pthread_mutex_unlock(&turn);
    return result;
}

static int cut_to(int handle, off_t length) {
    char path[PATH_MAX];
    struct stat found;
    if (!is_handle_below(handle, path) || !is_written_in_places(path))
        return syscall(SYS_ftruncate, handle, length);
    pthread_mutex_lock(&turn);
    int result = syscall(SYS_ftruncate, handle, length);
    if (!result && !fstat(handle, &found)) {
        struct note one = {.kind = 'T', .file = found.st_ino, .offset = length};
        note_down(&one, NULL, NULL);
    }
    pthread_mutex_unlock(&turn);
    return result;
}

int ftruncate(int handle, off_t length) { return cut_to(handle, length); }
int ftruncate64(int handle, off_t length) { return cut_to(handle, length); }
