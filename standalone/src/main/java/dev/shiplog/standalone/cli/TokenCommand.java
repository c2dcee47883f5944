package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.BootstrapTokens;
import dev.shiplog.standalone.RunningCluster;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The tokens with which machines join the cluster of a data directory. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Let machines join the cluster as nodes.")
final class TokenCommand {

  @Spec private CommandSpec spec;

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Make a token and print the command with which a machine joins.")
  int create(
      @Mixin DataDirectoryOption data,
      @Option(
              names = "--ttl",
              paramLabel = "TIME",
              defaultValue = "24h",
              description =
                  "How long it is good, like 30m or 24h; 0 for ever. Default: ${DEFAULT-VALUE}")
          String ttl) {
    BootstrapTokens tokens = of(data);
    if (!tokens.canBeJoined()) {
      spec.commandLine()
          .getErr()
          .println(
              "shiplog: other machines do not reach this cluster's Kafka: bring it up with --bind"
                  + " and --kafka-listen, or with --kafka");
    }
    out().println(tokens.create(duration(ttl)));
    return 0;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the tokens there are, without their secrets.")
  int list(@Mixin DataDirectoryOption data) {
    for (BootstrapTokens.Listed token : of(data).list()) {
      String expires = token.expires().isEmpty() ? "never" : token.expires();
      out().printf("%-8s %-22s %s%n", token.id(), expires, token.description());
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "End a token. Nodes that joined with it stay.")
  int delete(
      @Mixin DataDirectoryOption data,
      @Parameters(paramLabel = "TOKEN", description = "The token or its id.") String token) {
    of(data).delete(token);
    out().println("deleted");
    return 0;
  }

  private static BootstrapTokens of(DataDirectoryOption data) {
    return new BootstrapTokens(RunningCluster.of(data.directory()));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private Optional<Duration> duration(String text) {
    if (text.equals("0")) {
      return Optional.empty();
    }
    try {
      Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
      if (duration.isPositive()) {
        return Optional.of(duration);
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw new ParameterException(
        spec.commandLine(), "--ttl must be a time such as 30m or 24h, not " + text);
  }
}
