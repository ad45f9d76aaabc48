// Writes the man page and the shell completion of the program as it is: benign_manual VERSION MAN_PAGE COMPLETION.

#include "proofs_check/program/program.hpp"
#include "sim/files/record_file.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

namespace {

/// Text as roff shows it: hyphens that can be copied, and no line that looks like a request.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
  }
  return out;
}

std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return !option->get_lnames().empty(); });
}

std::string man_page(const CLI::App& program, const std::string& version) {
  std::string page = ".TH BENIGN 1 \"\" \"benign " + version + "\"\n.SH NAME\nbenign \\- " +
                     roff(program.get_description()) + "\n.SH SYNOPSIS\n.B benign\n.I COMMAND\n[\n.I OPTION\n]...\n";
  page += ".SH COMMANDS\n";
  for (const auto* command : program.get_subcommands({})) {
    page += ".SS benign " + command->get_name() + "\n" + roff(command->get_description()) + ".\n";
    for (const auto* option : options_of(*command)) {
      page += ".TP\n\\fB\\-\\-" + roff(option->get_lnames().front()) + "\\fR";
      if (option->get_type_size() != 0) page += " \\fI" + roff(option->get_type_name()) + "\\fR";
      page += "\n" + roff(option->get_description()) + "\n";
    }
    if (!command->get_footer().empty()) page += ".PP\n.nf\n" + roff(command->get_footer()) + "\n.fi\n";
  }
  page +=
      ".SH EXIT STATUS\n.TP\n0\nall as expected\n.TP\n1\nsomething is violated that was not expected to be\n.TP\n2\n"
      "bad usage or input\n.TP\n3\nsomething stayed undecided, or nothing was decided\n.TP\n4\ncould not finish (a "
      "full disk, no gnuplot); finished records stay valid\n.TP\n130, 143\nended by a signal\n";
  return page;
}

std::string completion(const CLI::App& program) {
  std::string script =
      "# bash completion for benign\n_benign() {\n  local word=${COMP_WORDS[COMP_CWORD]} words\n"
      "  case ${COMP_WORDS[1]} in\n";
  std::string names;
  for (const auto* command : program.get_subcommands({})) {
    names += command->get_name() + " ";
    script += "    " + command->get_name() + ") words='";
    for (const auto* option : options_of(*command)) script += "--" + option->get_lnames().front() + " ";
    script += "' ;;\n";
  }
  script += "    *) words='" + names +
            "--help --version' ;;\n  esac\n"
            "  if [ \"$COMP_CWORD\" -eq 1 ]; then words='" +
            names +
            "--help --version'; fi\n"
            "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\ncomplete -o default -F _benign benign\n";
  return script;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "benign_manual: three arguments, as in: benign_manual VERSION MAN_PAGE COMPLETION\n";
    return 2;
  }
  int status = 0;
  const auto program = benign::proofs::make_program(status);
  try {
    benign::sim::NewFile page(argv[2]), script(argv[3]);
    page.append(man_page(*program, argv[1]));
    script.append(completion(*program));
    benign::sim::NewFile::commit({&page, &script});
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "benign_manual: " << error.what() << '\n';
    return 4;
  }
}
