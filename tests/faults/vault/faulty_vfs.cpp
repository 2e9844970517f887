#include "faults/vault/faulty_vfs.hpp"

#include <cstdlib>

#include <sqlite3.h>

namespace tongs::vault::testing {

namespace {

using Operation = FaultyDisk::Operation;

FaultyDisk disk;
sqlite3_vfs* real = nullptr;

/// What SQLite sees as a file; the real one lies behind it in the same memory.
struct File {
  sqlite3_file base;
  sqlite3_file* behind() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* behind(sqlite3_file* file) { return reinterpret_cast<File*>(file)->behind(); }
const sqlite3_io_methods* methods(sqlite3_file* file) { return behind(file)->pMethods; }

int close_file(sqlite3_file* f) { return methods(f)->xClose(behind(f)); }
int read_file(sqlite3_file* f, void* to, int size, sqlite3_int64 offset) {
  if (const int code = disk.verdict(Operation::read)) return code;
  return methods(f)->xRead(behind(f), to, size, offset);
}
int write_file(sqlite3_file* f, const void* from, int size, sqlite3_int64 offset) {
  if (const int code = disk.verdict(Operation::write)) return code;
  return methods(f)->xWrite(behind(f), from, size, offset);
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
  if (const int code = disk.verdict(Operation::truncate)) return code;
  return methods(f)->xTruncate(behind(f), size);
}
int sync_file(sqlite3_file* f, int flags) {
  if (const int code = disk.verdict(Operation::sync)) return code;
  return methods(f)->xSync(behind(f), flags);
}
int file_size(sqlite3_file* f, sqlite3_int64* size) { return methods(f)->xFileSize(behind(f), size); }
int lock_file(sqlite3_file* f, int level) { return methods(f)->xLock(behind(f), level); }
int unlock_file(sqlite3_file* f, int level) { return methods(f)->xUnlock(behind(f), level); }
int check_reserved(sqlite3_file* f, int* held) { return methods(f)->xCheckReservedLock(behind(f), held); }
int control(sqlite3_file* f, int op, void* argument) {
  return methods(f)->xFileControl(behind(f), op, argument);
}
int sector_size(sqlite3_file* f) { return methods(f)->xSectorSize(behind(f)); }
int characteristics(sqlite3_file* f) { return methods(f)->xDeviceCharacteristics(behind(f)); }

// Version 1: no shared memory, which a database that is held by one connection does not need.
constexpr sqlite3_io_methods kMethods = {1,         close_file,  read_file,       write_file,  truncate_file,
                                         sync_file, file_size,   lock_file,       unlock_file, check_reserved,
                                         control,   sector_size, characteristics, nullptr,     nullptr,
                                         nullptr,   nullptr,     nullptr,         nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (const int code = disk.verdict(Operation::open)) return code;
  const int code = real->xOpen(real, name, behind(file), flags, out_flags);
  if (code == SQLITE_OK) file->pMethods = &kMethods;
  return code;
}

int delete_file(sqlite3_vfs*, const char* name, int sync_directory) {
  if (const int code = disk.verdict(Operation::remove)) return code;
  return real->xDelete(real, name, sync_directory);
}

bool concerns(FaultyDisk::Fault fault, Operation operation) {
  switch (fault) {
    case FaultyDisk::Fault::none:
      return false;
    case FaultyDisk::Fault::full:
    case FaultyDisk::Fault::read_only:
      return operation == Operation::write;
    case FaultyDisk::Fault::write:
      return operation == Operation::write || operation == Operation::sync ||
             operation == Operation::truncate;
    case FaultyDisk::Fault::everything:
      return true;
  }
  return false;
}

int code_of(FaultyDisk::Fault fault, Operation operation) {
  switch (operation) {
    case Operation::open:
      return SQLITE_CANTOPEN;
    case Operation::read:
      return SQLITE_IOERR_READ;
    case Operation::write:
      return fault == FaultyDisk::Fault::full        ? SQLITE_FULL
             : fault == FaultyDisk::Fault::read_only ? SQLITE_READONLY
                                                     : SQLITE_IOERR_WRITE;
    case Operation::sync:
      return SQLITE_IOERR_FSYNC;
    case Operation::truncate:
      return SQLITE_IOERR_TRUNCATE;
    case Operation::remove:
      return SQLITE_IOERR_DELETE;
  }
  return SQLITE_IOERR;
}

}  // namespace

FaultyDisk& FaultyDisk::install() {
  static sqlite3_vfs vfs;
  if (real == nullptr) {
    real = sqlite3_vfs_find(nullptr);
    vfs = *real;
    vfs.zName = "faulty";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) std::abort();
  }
  disk.heal();
  return disk;
}

void FaultyDisk::fail(Fault fault, std::uint64_t step, bool once) {
  failures_ = 0;
  steps_left_ = step;
  once_ = once;
  fault_ = fault;
}

void FaultyDisk::heal() { fault_ = Fault::none; }

int FaultyDisk::verdict(Operation operation) {
  ++operations_;
  const Fault fault = fault_;
  if (!concerns(fault, operation)) return SQLITE_OK;
  if (steps_left_ > 1) {
    --steps_left_;
    return SQLITE_OK;
  }
  ++failures_;
  if (once_) heal();
  return code_of(fault, operation);
}

}  // namespace tongs::vault::testing
