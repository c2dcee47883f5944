package dev.shiplog.standalone.cli;

import dev.shiplog.standalone.apart.GivenFile;
import dev.shiplog.standalone.apart.Role;
import dev.shiplog.standalone.log.LogFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Runs one part alone. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Run one part alone on an existing Kafka, told everything by configuration: api-server,",
      "controllers, scheduler or agent. docs/settings.md lists the settings; they come from system",
      "properties, the environment and the file given here, in this order of precedence."
    })
final class RunCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "PART",
      converter = Roles.class,
      description = "api-server, controllers, scheduler or agent.")
  private Role role;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "A properties file with settings, shiplog.kafka.bootstrap-servers and the like.")
  private Path config;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "text, or json with one object on each line; the setting shiplog.log.format.")
  private LogFormat logFormat;

  @Override
  public Integer call() {
    if (logFormat != null) {
      System.setProperty("shiplog.log.format", logFormat.name());
    }
    if (config != null) {
      GivenFile.read(config);
    }
    return role.run();
  }

  /** As they are written. */
  static final class Roles implements ITypeConverter<Role> {
    @Override
    public Role convert(String word) {
      return Arrays.stream(Role.values())
          .filter(role -> role.toString().equals(word))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("there is no part " + word + ", but " + all()));
    }

    private static String all() {
      return Arrays.stream(Role.values()).map(Role::toString).collect(Collectors.joining(", "));
    }
  }
}
