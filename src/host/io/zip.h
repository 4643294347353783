// ZIP archives (APPNOTE 6.3), as far as NumPy writes them: members stored or deflated, without encryption.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/io/binary.h"
#include "host/io/output.h"

namespace monograph::io {

class Zip {
 public:
  /// Reads the directory at the end of the file. InputError with the byte where it is damaged.
  explicit Zip(const Binary& file);

  std::vector<std::string> names() const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The content of a member; memory grows with what comes out, not with what the directory announces.
  /// InputError: there is none of that name, or it is damaged.
  std::string extract(std::string_view name) const;

 private:
  struct Member {
    std::string_view name;
    std::uint32_t method = 0, crc = 0;
    std::uint64_t compressed = 0, size = 0, offset = 0;
    std::size_t place = 0;  // of its line in the directory
  };
  const Member* find(std::string_view name) const;
  std::size_t find_end() const;
  void read_directory(std::size_t end);
  Member read_line(std::size_t at, std::size_t limit) const;
  void read_large(Member& member, std::string_view extra) const;
  std::string_view content(const Member& member) const;
  std::string inflated(const Member& member, std::string_view from) const;
  std::uint64_t number(std::size_t at, std::size_t size) const;

  const Binary& file_;
  std::vector<Member> members_;
};

/// Writes members one by one, stored.
class ZipWriter {
 public:
  explicit ZipWriter(Output& out, std::string path) : out_(out), path_(std::move(path)) {}
  /// InputError: the archive would reach 4 GiB.
  void add(const std::string& name, std::string_view content);
  void finish();

 private:
  struct Line {
    std::string name;
    std::uint32_t crc, size, offset;
  };
  void put(std::uint64_t value, std::size_t size);
  void put_common(const Line& line);
  Output& out_;
  std::string path_;
  std::uint64_t written_ = 0;
  std::vector<Line> lines_;
};

}  // namespace monograph::io
