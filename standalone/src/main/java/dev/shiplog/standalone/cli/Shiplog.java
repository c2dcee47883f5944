package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.StartFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/** The command line as a whole. */
@Command(
    name = "shiplog",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = "A Kubernetes control plane whose cluster state is a Kafka log.",
    footer = {
      "",
      "From a checkout, './shiplog test [--fast]' builds everything and runs all tests.",
      "'./shiplog COMMAND --help' tells a command's options."
    },
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ImageCommand.class,
      HistoryCommand.class,
      DiffCommand.class,
      RewindCommand.class,
      ApplyCommand.class,
      KeysCommand.class,
      AclsCommand.class,
      RecoverCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      RunCommand.class,
      CertificatesCommand.class,
      ExplainCommand.class,
      TraceCommand.class,
      CheckCommand.class,
      TokenCommand.class,
      JoinCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Shiplog {

  private Shiplog() {}

  /** Ready to execute: refusals are printed as one sentence and give exit code 1. */
  public static CommandLine commandLine() {
    return new CommandLine(new Shiplog())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(sentences());
  }

  private static IExecutionExceptionHandler sentences() {
    return (failure, command, parsed) -> {
      if (!(failure instanceof StartFailure)) {
        throw failure;
      }
      command.getErr().println("shiplog: " + failure.getMessage());
      return 1;
    };
  }
}
