// The cache: what is kept comes back, what is not its own is not touched or believed, and no state of a disk
// stops anybody.
#include "host/plan/cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <monograph/error.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace monograph::plan {
namespace {

namespace fs = std::filesystem;

class CacheTest : public ::testing::Test {
 protected:
  CacheTest() {
    std::string name = (fs::temp_directory_path() / "monograph-cache-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~CacheTest() override { fs::remove_all(root_); }

  fs::path folder() const { return root_ / "a" / "cache"; }
  CacheOptions options(CacheMode mode = CacheMode::On) const { return {.mode = mode, .folder = folder()}; }
  fs::path file(const CacheKey& key) const { return folder() / key.file_name(); }
  std::string text(const CacheKey& key) const {
    std::ifstream in(file(key), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const CacheKey& key, const std::string& bytes) const {
    std::ofstream(file(key), std::ios::binary | std::ios::trunc) << bytes;
  }
  /// A cache with one entry, as another process would have left it.
  void leave(const CacheKey& key, const std::string& content) const { Cache(options()).keep(key, content); }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder()), fs::directory_iterator()));
  }

  fs::path root_;
};

CacheKey key(std::uint64_t n, CacheKind kind = CacheKind::Plan) { return {kind, {n, ~n}}; }

std::string found(Cache& cache, const CacheKey& k) {
  const auto got = cache.find(k);
  return got.blob ? *got.blob : "nothing";
}

/// The exit code of `body` in a process of its own.
template <class Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_F(CacheTest, WhatIsKeptComesBackFromMemoryAndFromDisk) {
  const std::string content("a\0b\n", 4);
  Cache cache(options());
  EXPECT_EQ(cache.find(key(1)).blob, nullptr);
  cache.keep(key(1), content);
  EXPECT_EQ(cache.find(key(1)).origin, Cache::Origin::Memory);
  EXPECT_EQ(found(cache, key(1)), content);
  Cache other(options());
  const auto got = other.find(key(1));
  ASSERT_NE(got.blob, nullptr);
  EXPECT_EQ(*got.blob, content);
  EXPECT_EQ(got.origin, Cache::Origin::Disk);
  EXPECT_EQ(other.find(key(1)).origin, Cache::Origin::Memory);
  EXPECT_EQ(found(other, key(1, CacheKind::Native)), "nothing") << "the kind is part of the key";
  EXPECT_TRUE(cache.take_warnings().empty());
  EXPECT_TRUE(other.take_warnings().empty());
}

TEST_F(CacheTest, FolderAndFilesAreTheUsersAlone) {
  leave(key(1), "x");
  for (const fs::path& path : {root_ / "a", folder()}) {
    struct stat status = {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u) << path;
  }
  struct stat status = {};
  ASSERT_EQ(stat(file(key(1)).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(CacheTest, EveryDamagedBitAndEveryTruncationIsAMissWithOneWarning) {
  const std::string content = "what was kept";
  leave(key(1), content);
  const std::string bytes = text(key(1));
  std::vector<std::string> damaged;
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    damaged.push_back(bytes);
    damaged.back()[i / 8] = static_cast<char>(damaged.back()[i / 8] ^ 1 << i % 8);
  }
  for (std::size_t n = 0; n < bytes.size(); ++n) damaged.push_back(bytes.substr(0, n));
  damaged.push_back(bytes + "x");
  for (const std::string& d : damaged) {
    write(key(1), d);
    Cache cache(options());
    EXPECT_EQ(found(cache, key(1)), "nothing");
    EXPECT_EQ(found(cache, key(1)), "nothing");
    EXPECT_FALSE(cache.file(key(1)));
    const auto warnings = cache.take_warnings();
    ASSERT_EQ(warnings.size(), 1u);
    EXPECT_NE(warnings[0].find(file(key(1)).string() + " is not used: it"), std::string::npos) << warnings[0];
  }
  Cache cache(options());
  cache.keep(key(1), content);
  Cache fresh(options());
  EXPECT_EQ(found(fresh, key(1)), content) << "made again";
}

TEST_F(CacheTest, AnEntryUnderAnotherNameIsNotBelieved) {
  leave(key(1), "x");
  fs::rename(file(key(1)), file(key(2)));
  Cache cache(options());
  EXPECT_EQ(found(cache, key(2)), "nothing");
  EXPECT_NE(cache.take_warnings().at(0).find("of another key"), std::string::npos);
}

TEST_F(CacheTest, ForeignEntriesAreNotUsed) {
  leave(key(1), "x");
  fs::permissions(file(key(1)), fs::perms::group_write, fs::perm_options::add);
  Cache cache(options());
  EXPECT_EQ(found(cache, key(1)), "nothing");
  EXPECT_NE(cache.take_warnings().at(0).find("can be written by others (mode 0620)"), std::string::npos);

  fs::rename(file(key(1)), root_ / "elsewhere");
  fs::permissions(root_ / "elsewhere", fs::perms::owner_read);
  fs::create_symlink(root_ / "elsewhere", file(key(1)));
  EXPECT_EQ(found(cache, key(1)), "nothing") << "a link";
  fs::remove(file(key(1)));
  ASSERT_EQ(mkfifo(file(key(1)).c_str(), 0600), 0);
  EXPECT_EQ(found(cache, key(1)), "nothing") << "a pipe, which must not be waited for";
}

/// A link or a pipe is replaced, as a damaged file is; a folder stays, and nothing is kept in its place.
TEST_F(CacheTest, WhateverHasTheNameOfAnEntryIsOneWarningAndNoEntry) {
  leave(key(1), "x");
  const auto lie = [&](const std::string& what) {
    fs::remove_all(file(key(2)));
    if (what == "link") fs::create_symlink(file(key(1)), file(key(2)));
    if (what == "pipe") {
      EXPECT_EQ(mkfifo(file(key(2)).c_str(), 0600), 0);
    }
    if (what == "folder") fs::create_directory(file(key(2)));
  };
  const std::pair<const char*, const char*> cases[] = {
      {"link", " is not used: it is a symbolic link; it is made again"},
      {"pipe", " is not used: it is not a regular file; it is made again"},
      {"folder", " is not used: it is a folder; until it is removed, nothing is kept there"}};
  for (const auto& [what, warning] : cases) {
    SCOPED_TRACE(what);
    lie(what);
    Cache cache(options());
    EXPECT_EQ(std::ranges::count(cache.folder()->list(), key(2), &CacheFolder::Entry::key), 1)
        << "it is listed";
    EXPECT_FALSE(cache.folder()->read(key(2)).content);
    for (int turn = 0; turn < 2; ++turn)
      EXPECT_EQ(*cache.find_or_make(key(2), [] { return "made"; }).blob, "made");
    EXPECT_EQ(cache.take_warnings(),
              std::vector<std::string>{"cache entry " + file(key(2)).string() + warning});
    cache.keep(key(3), "y");
    EXPECT_TRUE(cache.take_warnings().empty()) << "other entries are kept";
    Cache next(options());
    EXPECT_EQ(next.find(key(3)).origin, Cache::Origin::Disk);
    EXPECT_EQ(next.find(key(2)).blob != nullptr, what != std::string("folder"));
  }
  std::ofstream(file(key(2)) / "of the user") << "x";
  const Cache cache(options());
  const CacheFolder::Cleared cleared = cache.folder()->clear();
  EXPECT_EQ(cleared.removed, 2u);
  ASSERT_EQ(cleared.left.size(), 1u);
  EXPECT_NE(cleared.left[0].find(file(key(2)).string() + " cannot be removed: Directory not empty"),
            std::string::npos)
      << cleared.left[0];
  fs::remove(file(key(2)) / "of the user");
  EXPECT_EQ(cache.folder()->clear().removed, 1u) << "an empty folder goes";
}

TEST_F(CacheTest, EntriesAndFoldersOfAnotherUserAreNotUsed) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  leave(key(1), "x");
  ASSERT_EQ(chown(file(key(1)).c_str(), 12345, 0), 0);
  Cache cache(options());
  EXPECT_EQ(found(cache, key(1)), "nothing");
  EXPECT_NE(cache.take_warnings().at(0).find("belongs to user 12345"), std::string::npos);
  ASSERT_EQ(chown(folder().c_str(), 12345, 0), 0);
  const Cache other(options());
  EXPECT_EQ(other.folder(), nullptr);
  EXPECT_NE(other.no_folder().find("belongs to user 12345"), std::string::npos);
}

TEST_F(CacheTest, AFolderThatOthersMayWriteIsNotUsedAndSaysSoOnce) {
  fs::create_directories(folder());
  fs::permissions(folder(), fs::perms::all);
  Cache cache(options());
  EXPECT_EQ(cache.folder(), nullptr);
  const auto warnings = cache.take_warnings();
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("can be written by others (mode 0777)"), std::string::npos) << warnings[0];
  cache.keep(key(1), "x");
  EXPECT_EQ(found(cache, key(1)), "x") << "memory serves";
  EXPECT_TRUE(cache.take_warnings().empty());
  EXPECT_EQ(entries(), 0u);
}

TEST_F(CacheTest, AFileWhereTheFolderShouldBe) {
  std::ofstream(root_ / "a") << "x";
  Cache cache(options());
  EXPECT_EQ(cache.folder(), nullptr);
  EXPECT_NE(cache.no_folder().find("cannot be made"), std::string::npos) << cache.no_folder();
  EXPECT_EQ(cache.take_warnings().size(), 1u);
}

TEST_F(CacheTest, AReadOnlyFolderGivesWhatItHasAndOneWarning) {
  leave(key(1), "x");
  if (geteuid() == 0) {
    ASSERT_EQ(chown(folder().c_str(), 12345, 12345), 0);
    ASSERT_EQ(chown(file(key(1)).c_str(), 12345, 12345), 0);
    fs::permissions(root_, fs::perms::all);
    fs::permissions(root_ / "a", fs::perms::all);
  }
  fs::permissions(folder(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(in_child([&] {
              if (geteuid() == 0 && setuid(12345) != 0) return 1;
              Cache cache(options());
              if (found(cache, key(1)) != "x") return 2;
              cache.keep(key(2), "y");
              cache.keep(key(3), "z");
              if (found(cache, key(2)) != "y" || found(cache, key(3)) != "z") return 3;
              const auto warnings = cache.take_warnings();
              return warnings.size() == 1 && warnings[0].find("cannot be written") != std::string::npos ? 0
                                                                                                        : 4;
            }),
            0);
  fs::permissions(folder(), fs::perms::owner_all);
}

// A limit on the size of files is to a writer what a full disk is: a write that fails half-way.
TEST_F(CacheTest, AFullDiskLeavesNothingAndOneWarning) {
  leave(key(1), "x");
  EXPECT_EQ(in_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              const rlimit small{.rlim_cur = 4096, .rlim_max = 4096};
              if (setrlimit(RLIMIT_FSIZE, &small) != 0) return 1;
              Cache cache(options());
              const std::string large(100000, 'y');
              cache.keep(key(2), large);
              cache.keep(key(3), large);
              if (found(cache, key(2)) != large || found(cache, key(1)) != "x") return 2;
              const auto warnings = cache.take_warnings();
              return warnings.size() == 1 && warnings[0].find("cannot be written") != std::string::npos ? 0
                                                                                                        : 3;
            }),
            0);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(CacheTest, TheSizeLimitRemovesWhatWasUsedLongestAgo) {
  CacheOptions small = options();
  small.disk_bytes = 4000;
  Cache cache(small);
  const auto old = [&](std::uint64_t n, std::chrono::hours age) {
    cache.keep(key(n), std::string(1000, 'x'));
    fs::last_write_time(file(key(n)), fs::file_time_type::clock::now() - age);
  };
  using std::chrono::hours;
  old(1, hours(5)), old(2, hours(4)), old(3, hours(3));
  Cache other(small);
  EXPECT_NE(other.find(key(1)).blob, nullptr) << "used now";
  cache.keep(key(4), std::string(1000, 'x'));
  EXPECT_TRUE(fs::exists(file(key(1))));
  EXPECT_FALSE(fs::exists(file(key(2))));
  EXPECT_TRUE(fs::exists(file(key(3))));
  EXPECT_TRUE(fs::exists(file(key(4))));
  cache.keep(key(5), std::string(5000, 'x'));
  EXPECT_FALSE(fs::exists(file(key(5)))) << "larger than the limit";
  EXPECT_EQ(entries(), 3u);
}

TEST_F(CacheTest, MemoryForgetsWhatWasUsedLongestAgo) {
  CacheOptions small = options(CacheMode::Memory);
  small.memory_bytes = 30;
  Cache cache(small);
  for (std::uint64_t n = 1; n <= 3; ++n) cache.keep(key(n), std::string(10, 'x'));
  EXPECT_NE(found(cache, key(1)), "nothing");
  cache.keep(key(4), std::string(10, 'x'));
  EXPECT_NE(found(cache, key(1)), "nothing");
  EXPECT_EQ(found(cache, key(2)), "nothing");
  cache.keep(key(5), std::string(31, 'x'));
  EXPECT_EQ(found(cache, key(5)), "nothing");
  EXPECT_FALSE(fs::exists(folder()));
  EXPECT_TRUE(cache.take_warnings().empty());
}

TEST_F(CacheTest, OffKeepsNothing) {
  Cache cache(options(CacheMode::Off));
  cache.keep(key(1), "x");
  EXPECT_EQ(found(cache, key(1)), "nothing");
  EXPECT_FALSE(fs::exists(root_ / "a"));
}

TEST_F(CacheTest, CheckMakesAgainAndCompares) {
  int made = 0;
  const auto make = [&] { return ++made, std::string("x"); };
  Cache plain(options());
  EXPECT_EQ(plain.find_or_make(key(1), make).origin, Cache::Origin::Made);
  EXPECT_EQ(plain.find_or_make(key(1), make).origin, Cache::Origin::Memory);
  EXPECT_EQ(made, 1);
  Cache checked(options(CacheMode::Check));
  EXPECT_EQ(checked.find_or_make(key(1), make).origin, Cache::Origin::Disk);
  EXPECT_EQ(made, 2);
  EXPECT_THROW(checked.find_or_make(key(1), [] { return std::string("y"); }), InternalError);
}

TEST_F(CacheTest, ProcessesAndThreadsShareAFolder) {
  const std::string large(200000, 'x');
  std::vector<pid_t> children;
  for (int p = 0; p < 4; ++p) {
    const pid_t child = fork();
    if (child == 0) {
      Cache cache(options());
      for (std::uint64_t i = 0; i < 60; ++i) {
        cache.keep(key(i % 5), large + std::to_string(i % 5));
        Cache other(options());
        const auto got = other.find(key((i + 1) % 5));
        if (got.blob && *got.blob != large + std::to_string((i + 1) % 5)) _exit(1);
        if (!other.take_warnings().empty()) _exit(2);
      }
      _exit(cache.take_warnings().empty() ? 0 : 3);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(entries(), 5u);

  Cache cache(options());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 100; ++i) {
        const CacheKey k = key(100 + (i + static_cast<std::uint64_t>(t)) % 7);
        EXPECT_EQ(*cache.find_or_make(k, [&] { return k.file_name(); }).blob, k.file_name());
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_TRUE(cache.take_warnings().empty());
}

TEST_F(CacheTest, FilesLeftByInterruptedWritersGo) {
  leave(key(1), "x");
  std::ofstream(folder() / ".new-1") << "half";
  std::ofstream(folder() / ".new-2") << "half";
  std::ofstream(folder() / "notes.txt") << "the user's";
  fs::last_write_time(folder() / ".new-1", fs::file_time_type::clock::now() - std::chrono::hours(2));
  leave(key(2), "y");
  EXPECT_FALSE(fs::exists(folder() / ".new-1"));
  EXPECT_TRUE(fs::exists(folder() / ".new-2")) << "its writer may be at work";
  Cache cache(options());
  EXPECT_EQ(cache.folder()->list().size(), 2u);
  EXPECT_EQ(cache.folder()->clear().removed, 2u);
  EXPECT_EQ(entries(), 1u);
  EXPECT_TRUE(fs::exists(folder() / "notes.txt")) << "not the cache's";
}

TEST_F(CacheTest, TheEnvironmentNamesTheFolder) {
  const auto chosen = [](const char* own, const char* xdg, const char* home) {
    return in_child([&] {
      const auto set = [](const char* name, const char* value) {
        value ? setenv(name, value, 1) : unsetenv(name);
      };
      set("MONOGRAPH_CACHE_DIR", own), set("XDG_CACHE_HOME", xdg), set("HOME", home);
      std::string reason;
      const std::string path = CacheFolder::by_environment(reason).string();
      return path == "/own"                  ? 1
             : path == "/x/monograph"        ? 2
             : path == "/h/.cache/monograph" ? 3
             : reason.empty()                ? 4
                                             : 5;
    });
  };
  EXPECT_EQ(chosen("/own", "/x", "/h"), 1);
  EXPECT_EQ(chosen(nullptr, "/x", "/h"), 2);
  EXPECT_EQ(chosen("", "relative", "/h"), 3);
  EXPECT_EQ(chosen(nullptr, nullptr, nullptr), 5);
}

}  // namespace
}  // namespace monograph::plan
