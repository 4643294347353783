#include "cli/progress.h"

#include <algorithm>
#include <cstdio>

namespace monograph::cli {
namespace {

constexpr auto kPatience = std::chrono::seconds(1);
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr int kBarWidth = 24;

std::string bar(double share) {
  const int filled = static_cast<int>(share * kBarWidth);
  std::string text(static_cast<std::size_t>(filled), '=');
  if (filled < kBarWidth) text += '>';
  text.resize(kBarWidth, ' ');
  return "[" + text + "]";
}

std::string number(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::string progress_text(const std::string& what, const std::string& unit, double done, double total,
                          double seconds) {
  const double rate = seconds > 0 ? done / seconds : 0;
  const std::string speed = number("%.1f ", rate) + unit + "/s";
  if (total <= 0) return what + number(" %.0f ", done) + unit + "  " + speed;
  const double share = std::clamp(done / total, 0.0, 1.0);
  std::string text = what + " " + bar(share) + number(" %.0f%%  ", 100 * share) + speed;
  if (rate > 0) text += number("  at most %.0f s left", (total - done) / rate);
  return text;
}

Progress::Progress(const Terminal& terminal, std::string what, std::string unit)
    : terminal_(terminal),
      what_(std::move(what)),
      unit_(std::move(unit)),
      start_(Clock::now()),
      next_draw_(start_ + kPatience) {}

Progress::~Progress() {
  if (drawn_) terminal_.err << "\r\x1b[K" << std::flush;
}

void Progress::update(double done, double total) {
  if (!terminal_.err_is_tty) return;
  const Clock::time_point now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + kRedraw;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  terminal_.err << "\r\x1b[K" << progress_text(what_, unit_, done, total, seconds) << std::flush;
}

}  // namespace monograph::cli
