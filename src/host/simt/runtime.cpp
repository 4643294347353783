#include "host/simt/runtime.h"

#include <monograph/error.h>

#include <algorithm>
#include <bit>
#include <deque>
#include <numeric>
#include <optional>
#include <vector>

#include "host/simt/collectives.h"
#include "host/simt/fiber.h"
#include "host/simt/stacks.h"

namespace monograph::simt {

struct Emulator::Stacks {
  std::vector<StackBlock> blocks;  ///< one per resident block
};

namespace {

constexpr unsigned kMaxThreads = 1024;

/// xorshift64*: the interleaving must be the same wherever a seed is replayed.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull | 1) {}
  std::uint64_t next() {
    state_ ^= state_ >> 12, state_ ^= state_ << 25, state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1dull;
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>((next() >> 32) * n >> 32); }

 private:
  std::uint64_t state_;
};

enum class State : std::uint8_t { Ready, InCollective, AtBarrier, Ended };

struct Block;
struct Thread : mg_simt_thread {
  Fiber fiber;
  Block* block = nullptr;
  void* scheduler = nullptr;
  unsigned index = 0;  ///< in the block
  State state = State::Ready;
  mg_simt_collective kind{};  ///< what it waits at
  int line = 0;
  unsigned mask = 0, parameter = 0;
  std::uint64_t value = 0, result = 0;
};

struct Block {
  unsigned number = 0;
  std::vector<Thread> threads;
  std::vector<unsigned> waiting;  ///< per warp: the lanes inside a collective
  std::vector<unsigned> gone;     ///< per warp: the lanes that have ended
  unsigned at_barrier = 0, ended = 0;
  const Thread* first_at_barrier = nullptr;
  std::vector<std::uint64_t> shared;  ///< exactly as long as asked for, so that a sanitizer sees an overrun
};

std::string hex(unsigned v) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", v);
  return text;
}

std::string place(const Thread& t) {
  if (t.state == State::Ended) return "ended";
  if (t.state == State::Ready) return "still to run";
  std::string text = "wait at " + std::string(collective_name(t.kind));
  if (t.state == State::InCollective) text += " mask " + hex(t.mask);
  return text + " (line " + std::to_string(t.line) + ")";
}

/// "threads 0-39 wait at __syncthreads (line 12); threads 40-63 ended": who stands where, in order.
std::string standing(const Block& block) {
  std::string text;
  const unsigned n = static_cast<unsigned>(block.threads.size());
  int groups = 0;
  for (unsigned from = 0, to = 0; from < n; from = to) {
    const std::string where = place(block.threads[from]);
    for (to = from + 1; to < n && place(block.threads[to]) == where;) ++to;
    if (++groups > 4) return text + "; ...";
    text += (text.empty() ? "" : "; ") + std::string(to - from == 1 ? "thread " : "threads ") +
            std::to_string(from) + (to - from == 1 ? "" : "-" + std::to_string(to - 1)) + " " + where;
  }
  return text;
}

}  // namespace

class Emulator::Scheduler {
 public:
  Scheduler(const Kernel& kernel, const Launch& launch, Stacks& stacks);
  LaunchResult run();

 private:
  void start_block(Block& block, std::size_t slot);
  Thread* pick();
  std::size_t choice();
  void ended(Thread& t);
  void fail(const Block& block, const std::string& what);
  void yield(Thread& t) { switch_fiber(t.fiber, self_); }
  void stop_on_error(Thread& t);
  bool complete_collective(Thread& t);
  void complete_barrier(Block& block, Thread& last);
  void check_barrier(Thread& t);
  void check_mask(Thread& t);
  std::uint64_t collect(Thread& t);
  int barrier(Thread& t);
  void pause(Thread& t, bool progress, int line);
  static void enter(void* thread);
  static Scheduler& of(Thread& t) { return *static_cast<Scheduler*>(t.scheduler); }
  static const mg_simt_api kApi;

  const Kernel& kernel_;
  const Launch& launch_;
  Stacks& stacks_;
  const unsigned threads_, blocks_;
  mg_simt_thread** current_;
  Random random_;
  Fiber self_;
  std::vector<Block> resident_;
  std::vector<unsigned> order_;  ///< of the blocks
  std::size_t next_block_ = 0;
  std::deque<Thread*> ready_;
  std::size_t ahead_ = 0;   ///< the block that runs ahead
  std::uint64_t idle_ = 0;  ///< times a thread only waited since something last happened
  LaunchResult result_;
};

const mg_simt_api Emulator::Scheduler::kApi = {
    [](mg_simt_thread* self, mg_simt_collective kind, unsigned mask, unsigned long long value,
       unsigned parameter, int line) -> unsigned long long {
      Thread& t = static_cast<Thread&>(*self);
      t.kind = kind, t.mask = mask, t.value = value, t.parameter = parameter, t.line = line;
      return of(t).collect(t);
    },
    [](mg_simt_thread* self, mg_simt_collective kind, int predicate, int line) {
      Thread& t = static_cast<Thread&>(*self);
      t.kind = kind, t.value = predicate != 0, t.line = line;
      return of(t).barrier(t);
    },
    [](mg_simt_thread* self, int progress, int line) {
      Thread& t = static_cast<Thread&>(*self);
      of(t).pause(t, progress != 0, line);
    }};

Emulator::Scheduler::Scheduler(const Kernel& kernel, const Launch& launch, Stacks& stacks)
    : kernel_(kernel),
      launch_(launch),
      stacks_(stacks),
      threads_(launch.block.x * launch.block.y * launch.block.z),
      blocks_(launch.grid.x * launch.grid.y * launch.grid.z),
      current_(kernel.attach(&kApi)),
      random_(launch.seed),
      order_(blocks_) {
  std::iota(order_.begin(), order_.end(), 0u);
  if (launch.seed)
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random_.below(i)]);
  resident_.resize(std::min<std::size_t>(std::max(launch.resident_blocks, 1u), blocks_));
  std::erase_if(stacks_.blocks, [&](const StackBlock& s) { return s.count() < threads_; });
  while (stacks_.blocks.size() < resident_.size()) stacks_.blocks.emplace_back(threads_);
}

LaunchResult Emulator::Scheduler::run() {
  for (std::size_t slot = 0; slot < resident_.size(); ++slot) start_block(resident_[slot], slot);
  while (Thread* t = pick()) {
    ++result_.switches;
    *current_ = t;
    switch_fiber(self_, t->fiber);
    if (!result_.error.empty()) break;
    if (t->state == State::Ended) ended(*t);
  }
  if (result_.error.empty())
    for (const Block& b : resident_)
      if (b.ended < b.threads.size()) {
        fail(b, "deadlock: " + standing(b));
        break;
      }
  if (!result_.error.empty())
    for (const StackBlock& s : stacks_.blocks) s.clean();
  return std::move(result_);
}

void Emulator::Scheduler::start_block(Block& block, std::size_t slot) {
  const mg_simt_dim grid = launch_.grid, size = launch_.block;
  const unsigned n = order_[next_block_++];
  block.number = n;
  block.at_barrier = block.ended = 0;
  block.waiting.assign((threads_ + kWarp - 1) / kWarp, 0);
  block.gone.assign(block.waiting.size(), 0);
  block.shared = std::vector<std::uint64_t>((launch_.shared_bytes + 7) / 8, kPoison);
  block.threads.resize(threads_);
  for (unsigned i = 0; i < threads_; ++i) {
    Thread& t = block.threads[i];
    t.thread_index = {i % size.x, i / size.x % size.y, i / size.x / size.y};
    t.block_index = {n % grid.x, n / grid.x % grid.y, n / grid.x / grid.y};
    t.block_size = size, t.grid_size = grid;
    t.shared = reinterpret_cast<unsigned char*>(block.shared.data());
    t.block = &block, t.scheduler = this, t.index = i, t.state = State::Ready;
    t.fiber.stack = stacks_.blocks[slot].stack(i), t.fiber.stack_bytes = StackBlock::bytes();
    prepare(t.fiber, enter, &t);
    ready_.push_back(&t);
  }
  idle_ = 0;
}

// No local with an address here: this frame is never left.
void Emulator::Scheduler::enter(void* thread) {
  entered(of(*static_cast<Thread*>(thread)).self_);
  of(*static_cast<Thread*>(thread))
      .kernel_.entry(const_cast<void**>(of(*static_cast<Thread*>(thread)).launch_.arguments.data()));
  static_cast<Thread*>(thread)->state = State::Ended;
  switch_fiber(static_cast<Thread*>(thread)->fiber, of(*static_cast<Thread*>(thread)).self_, true);
}

/// Under half of the seeds one of several blocks runs ahead of the others for a while: that a barrier of the
/// grid is missing does not show as long as all go on at the same pace.
std::size_t Emulator::Scheduler::choice() {
  std::size_t at = random_.below(ready_.size());
  if (resident_.size() == 1 || (launch_.seed & 2) == 0) return at;
  if (random_.below(2048) == 0) ahead_ = random_.below(resident_.size());
  for (int tries = 0; tries < 16 && ready_[at]->block != &resident_[ahead_]; ++tries)
    at = random_.below(ready_.size());
  return at;
}

Thread* Emulator::Scheduler::pick() {
  if (ready_.empty()) return nullptr;
  if (launch_.seed) std::swap(ready_.front(), ready_[choice()]);
  Thread* t = ready_.front();
  ready_.pop_front();
  return t;
}

void Emulator::Scheduler::ended(Thread& t) {
  Block& block = *t.block;
  idle_ = 0;
  ++block.ended;
  block.gone[t.index / kWarp] |= 1u << t.index % kWarp;
  if (block.at_barrier) return fail(block, "divergent barrier: " + standing(block));
  const unsigned first = t.index / kWarp * kWarp;
  for (unsigned lane = 0; lane < kWarp; ++lane)
    if ((block.waiting[t.index / kWarp] >> lane & 1) &&
        (block.threads[first + lane].mask >> (t.index - first) & 1))
      return fail(block, "divergent collective: thread " + std::to_string(first + lane) + " " +
                             place(block.threads[first + lane]) + ", which names thread " +
                             std::to_string(t.index) + " that ended");
  if (block.ended == block.threads.size() && next_block_ < blocks_)
    start_block(block, static_cast<std::size_t>(&block - resident_.data()));
}

void Emulator::Scheduler::fail(const Block& block, const std::string& what) {
  if (result_.error.empty())
    result_.error = kernel_.name + ": block " + std::to_string(block.number) + ": " + what + " [seed " +
                    std::to_string(launch_.seed) + "]";
}

/// Leaves for good where a violation was found. Called when nothing on the thread's stack needs a destructor
/// any more.
void Emulator::Scheduler::stop_on_error(Thread& t) {
  while (!result_.error.empty()) switch_fiber(t.fiber, self_, true);
}

void Emulator::Scheduler::check_mask(Thread& t) {
  const unsigned lane = t.index % kWarp, first = t.index - lane;
  const unsigned there = threads_ - first >= kWarp ? ~0u : (1u << (threads_ - first)) - 1;
  const auto refuse = [&](const std::string& why) {
    fail(*t.block, "thread " + std::to_string(t.index) + " " + place(t) + why);
  };
  if (!(t.mask >> lane & 1)) refuse(", which does not name its own lane");
  if (t.mask & ~there) refuse(", which names lanes that this warp does not have");
  if (const unsigned gone = t.mask & there & t.block->gone[first / kWarp])
    refuse(", which names thread " + std::to_string(first + static_cast<unsigned>(std::countr_zero(gone))) +
           " that ended");
}

/// True when all lanes that `t` names wait at the same collective: then all have their results.
bool Emulator::Scheduler::complete_collective(Thread& t) {
  const unsigned first = t.index / kWarp * kWarp;
  unsigned& waiting = t.block->waiting[t.index / kWarp];
  if ((waiting & t.mask) != t.mask) return false;
  WarpValues warp{.mask = t.mask};
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    if (!(t.mask >> lane & 1)) continue;
    const Thread& other = t.block->threads[first + lane];
    if (other.mask != t.mask) return false;
    if (other.kind != t.kind) {
      fail(*t.block, "divergent collective: thread " + std::to_string(t.index) + " " + place(t) +
                         ", thread " + std::to_string(other.index) + " " + place(other));
      return false;
    }
    warp.value[lane] = other.value, warp.parameter[lane] = other.parameter;
  }
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    if (!(t.mask >> lane & 1)) continue;
    Thread& other = t.block->threads[first + lane];
    other.result = collective_result(t.kind, warp, lane);
    other.state = State::Ready;
    if (&other != &t) ready_.push_back(&other);
  }
  waiting &= ~t.mask;
  idle_ = 0;
  return true;
}

std::uint64_t Emulator::Scheduler::collect(Thread& t) {
  t.state = State::InCollective;
  check_mask(t);
  stop_on_error(t);
  t.block->waiting[t.index / kWarp] |= 1u << t.index % kWarp;
  const bool complete = complete_collective(t);
  stop_on_error(t);
  if (!complete) yield(t);
  return t.result;
}

void Emulator::Scheduler::check_barrier(Thread& t) {
  Block& block = *t.block;
  if (block.ended) fail(*t.block, "divergent barrier: " + standing(block));
  if (!block.at_barrier) block.first_at_barrier = &t;
  const Thread& first = *block.first_at_barrier;
  if (first.kind != t.kind || first.line != t.line)
    fail(*t.block, "divergent barrier: thread " + std::to_string(first.index) + " " + place(first) +
                       ", thread " + std::to_string(t.index) + " " + place(t));
}

void Emulator::Scheduler::complete_barrier(Block& block, Thread& last) {
  std::uint64_t count = 0;
  for (const Thread& other : block.threads) count += other.value;
  const std::uint64_t all = count == block.threads.size(), any = count > 0;
  for (Thread& other : block.threads) {
    other.result = other.kind == mg_simt_barrier_and ? all : other.kind == mg_simt_barrier_or ? any : count;
    other.state = State::Ready;
    if (&other != &last) ready_.push_back(&other);
  }
  block.at_barrier = 0;
  idle_ = 0;
}

int Emulator::Scheduler::barrier(Thread& t) {
  t.state = State::AtBarrier;
  check_barrier(t);
  stop_on_error(t);
  if (++t.block->at_barrier < t.block->threads.size()) {
    yield(t);
  } else {
    complete_barrier(*t.block, t);
    if (launch_.seed)
      ready_.push_back(&t), yield(t);  // else the last to come would always be the first to go on
  }
  return static_cast<int>(t.result);
}

void Emulator::Scheduler::pause(Thread& t, bool progress, int line) {
  idle_ = progress ? 0 : idle_ + 1;
  if (idle_ > 100'000 + 100ull * threads_ * resident_.size())
    fail(*t.block, "no progress: thread " + std::to_string(t.index) + " waits in a loop (line " +
                       std::to_string(line) + ") for what no thread does");
  stop_on_error(t);
  if (progress && (!launch_.seed || random_.below(4))) return;
  ready_.push_back(&t);
  yield(t);
}

Emulator::Emulator() : stacks_(std::make_unique<Stacks>()) {}
Emulator::~Emulator() = default;
Emulator::Emulator(Emulator&&) noexcept = default;
Emulator& Emulator::operator=(Emulator&&) noexcept = default;

LaunchResult Emulator::launch(const Kernel& kernel, const Launch& launch) {
  const auto product = [](mg_simt_dim d) { return std::uint64_t{d.x} * d.y * d.z; };
  if (!kernel) throw InternalError("launch of a kernel that was not found");
  if (product(launch.block) == 0 || product(launch.block) > kMaxThreads || product(launch.grid) == 0 ||
      product(launch.grid) > 0x7fffffff)
    return {.error = kernel.name + ": block of " + std::to_string(product(launch.block)) +
                     " threads, grid of " + std::to_string(product(launch.grid)) +
                     " blocks: 1 to 1024 and 1 to 2^31-1 are possible"};
  return Scheduler(kernel, launch, *stacks_).run();
}

}  // namespace monograph::simt
