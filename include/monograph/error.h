// Every error that Monograph throws. The kind is stable and decides the program's exit code.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace monograph {

/// What went wrong, and so whose turn it is. The number is the exit code of the `monograph` program.
enum class ErrorKind : int {
  Usage = 2,          ///< unknown name, bad parameter
  Input = 3,          ///< a file, graph, attribute or program that cannot be used
  Device = 4,         ///< the device asked for is not available
  OutOfMemory = 5,    ///< host or device memory
  Plan = 6,           ///< plan or cache entry from another version, or damaged
  Runtime = 7,        ///< this run failed (a check in the program, a backend)
  Internal = 70,      ///< our bug: please report it
  Interrupted = 130,  ///< cancelled by the caller
};

/// Base of all errors: one line for a person, with where it happened and what to do where that is known.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

/// A name that does not exist, or a parameter of the wrong type or out of its range.
struct UsageError : Error {
  explicit UsageError(const std::string& m) : Error(ErrorKind::Usage, m) {}
};

/// A place in the user's source or data. `line` and `column` count from 1; 0 means not known.
struct Location {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend auto operator<=>(const Location&, const Location&) = default;
};
/// "file:line:column", leaving out what is not known.
std::string to_string(const Location& where);

/// A file or graph that cannot be read or used: what was expected, what was found, where.
struct InputError : Error {
  explicit InputError(const std::string& m) : Error(ErrorKind::Input, m) {}
  InputError(const Location& where, const std::string& m)
      : Error(ErrorKind::Input, to_string(where) + ": " + m) {}
};

/// The user's program is wrong: the op, what it expects, what it got, and the user's source line.
struct CompileError : Error {
  CompileError(const Location& where, const std::string& m)
      : Error(ErrorKind::Input, where.file.empty() ? m : to_string(where) + ": " + m) {}
};

/// A plan or cache entry that cannot be used: damaged, of another version, or not what it claims to be.
struct PlanError : Error {
  explicit PlanError(const std::string& m) : Error(ErrorKind::Plan, m) {}
};

/// This run failed: a bounds or division check of the program, or the backend.
struct RuntimeError : Error {
  explicit RuntimeError(const std::string& m) : Error(ErrorKind::Runtime, m) {}
};

/// The run was cancelled by the caller's token.
struct Cancelled : Error {
  explicit Cancelled(const std::string& m) : Error(ErrorKind::Interrupted, m) {}
};

/// A backend or device was asked for by name and is not there.
struct DeviceError : Error {
  explicit DeviceError(const std::string& m) : Error(ErrorKind::Device, m) {}
};

/// More memory is needed than there is; names what was asked for.
struct MemoryError : Error {
  explicit MemoryError(const std::string& m) : Error(ErrorKind::OutOfMemory, m) {}
};

/// An invariant of Monograph itself does not hold.
struct InternalError : Error {
  explicit InternalError(const std::string& m) : Error(ErrorKind::Internal, m) {}
};

}  // namespace monograph
