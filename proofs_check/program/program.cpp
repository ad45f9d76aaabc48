// The program's name, its errors and its exit statuses; commands are in files of their own.

#include "proofs_check/program/program.hpp"

#include "proofs_check/terminal/commands.hpp"
#include "proofs_check/text/nearest.hpp"
#include "proofs_check/text/usage_error.hpp"
#include "sim/runs/build_info.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <gmp.h>
#include <malloc.h>
#include <new>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace benign::proofs {
namespace {

/// Records are written a whole line at a time, so that a signal may end the program anywhere.
void end_on_signal(int signal) { _exit(128 + signal); }

/// What is wrong with the command line, said by the command itself where it is one that does so.
int fail_usage(const std::vector<CLI::App*>& parsed, const std::string& name, const std::string& message) {
  for (const Command& command : commands())
    if (!parsed.empty() && parsed.front()->get_name() == command.name && command.refuse) return command.refuse(message);
  return fail(bad_usage, name, message);
}

/// Throws UsageError where the first word is neither an option nor a command.
void require_command(const std::string& first) {
  std::vector<std::string> names;
  std::string list;
  for (const Command& command : commands()) {
    if (first == command.name) return;
    names.emplace_back(command.name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  if (!first.starts_with('-')) throw UsageError("command", first, list + did_you_mean(first, names));
}

/// `help`, `help COMMAND`, `version` and nothing at all, as the options that say the same.
std::vector<std::string> words(int argc, char** argv) {
  std::vector<std::string> given(argv + 1, argv + argc);
  if (given.empty()) return {"--help"};
  if (given[0] == "version") given[0] = "--version";
  if (given[0] == "help") {
    given[0] = "--help";
    if (given.size() > 1) std::swap(given[0], given[1]);
  }
  return given;
}

/// What the parser of command lines has against `app`'s, in this program's words.
std::string complaint(const CLI::ParseError& error, const CLI::App& app, const std::string& name) {
  const std::string see = " (see " + name + " --help)";
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    const auto left = app.remaining(true);
    const auto option = std::find_if(left.begin(), left.end(), [](const auto& word) { return word.starts_with("--"); });
    if (option == left.end()) return "'" + left.back() + "' is neither an option nor the value of one" + see;
    const std::string given = option->substr(0, option->find('='));
    std::vector<std::string> names;
    for (const auto* known : app.get_options())
      if (!known->get_lnames().empty()) names.push_back("--" + known->get_lnames().front());
    return given + ": there is no such option" + did_you_mean(given, names) + see;
  }
  const std::string text = error.what(), option = text.substr(0, text.find(':'));
  if (error.get_name() == "ArgumentMismatch")
    if (const auto* known = app.get_option_no_throw(option)) {
      if (known->count() > 1)
        return option + ": given " + std::to_string(known->count()) + " times; one is allowed" + see;
      return option + ": a value is missing, as in " + option + " " + known->get_type_name() + see;
    }
  return text + see;
}

/// GMP's and MPFR's memory. No exception may pass through their C: where memory ends, the program does.
void* or_end(void* memory) {
  if (!memory) _exit(fail(unfinished, "benign", "out of memory; smaller --d, --n, --T or fewer digits need less"));
  return memory;
}
void* allocate(std::size_t size) { return or_end(std::malloc(size)); }
void* reallocate(void* old, std::size_t, std::size_t size) { return or_end(std::realloc(old, size)); }

}  // namespace

std::unique_ptr<CLI::App> make_program(int& status) {
  auto program = std::make_unique<CLI::App>(
      "Numerical verification of benign overfitting in token selection of attention", "benign");
  program->require_subcommand(1);
  const auto& info = sim::build_info();
  program->set_version_flag("-v,--version", info.version + "\nsource    " + info.source + "\nflags     " + info.flags +
                                                "\ncompiler  " + info.compiler);
  program->footer(
      "'benign help COMMAND' tells the options of a command.\n"
      "Examples:\n"
      "  benign check                          the theorem's claims at the paper's balanced setting\n"
      "  benign simulate --d 4500 --mu 5       one run of the low signal\n"
      "  benign phase --out diagram            the paper's phase diagram; then benign plot diagram\n"
      "  benign prove --claim 'train_accuracy>=1'");
  program->get_formatter()->column_width(34);
  std::sort(commands().begin(), commands().end(),
            [](const Command& a, const Command& b) { return std::string_view(a.name) < b.name; });
  for (const Command& command : commands()) command.add(*program, status);
  return program;
}

int run_program(int argc, char** argv) {
  // A shell has what it starts in the background ignore Ctrl-C, and so does nohup with hang-ups: that stays.
  for (const int number : {SIGINT, SIGTERM})
    if (std::signal(number, end_on_signal) == SIG_IGN) std::signal(number, SIG_IGN);
  // What these tell, a failing write tells, too.
  closed_pipes_were_ignored = std::signal(SIGPIPE, SIG_IGN) == SIG_IGN;
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);  // a parent that ignores the ends of its children must not hide gnuplot's
  mp_set_memory_functions(allocate, reallocate, nullptr);
  // Studies allocate and free the same large matrices again and again: keep the pages.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);

  int status = as_expected;
  const auto made = make_program(status);
  CLI::App& program = *made;
  const auto name = [&] {
    const auto commands = program.get_subcommands();
    return commands.empty() ? std::string("benign") : "benign " + commands.front()->get_name();
  };
  try {
    auto given = words(argc, argv);
    require_command(given.front());
    std::reverse(given.begin(), given.end());  // as the parser wants it
    program.parse(std::move(given));
    return status;
  } catch (const CLI::Success& help) {
    try {
      std::ostringstream text;
      program.exit(help, text, text);
      print(text.str());
      return status;
    } catch (const Unfinished& error) {
      return fail(unfinished, name(), error.what());
    }
  } catch (const CLI::ParseError& error) {
    const auto parsed = program.get_subcommands();
    return fail_usage(parsed, name(), complaint(error, parsed.empty() ? program : *parsed.front(), name()));
  } catch (const UsageError& error) {
    return fail(bad_usage, name(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(unfinished, name(), "out of memory; smaller --d, --n, --T or --precision need less");
  } catch (const std::exception& error) {  // full disk, missing gnuplot, a flow that cannot go on
    return fail(unfinished, name(), error.what());
  }
}

}  // namespace benign::proofs
