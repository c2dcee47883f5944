package dev.shiplog.agent.nft;

import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.HostCommandException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The packet filter through its command line program.
 *
 * @param program nft
 */
public record NftCommand(Path program) implements PacketFilter {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Override
  public void apply(String script) {
    HostCommand.Result result = run(List.of(program.toString(), "-f", "-"), script);
    if (!result.succeeded()) {
      // The first line says what; the ones below it show where.
      throw new PacketFilterException(
          result.errors().lines().findFirst().orElse(result.lastWords()), null);
    }
  }

  @Override
  public boolean hasTable(String name) {
    return run(List.of(program.toString(), "list", "tables", "ip"), "")
        .output()
        .lines()
        .anyMatch(line -> line.strip().equals("table ip " + name));
  }

  private static HostCommand.Result run(List<String> command, String input) {
    try {
      return HostCommand.run(LIMIT, command, Map.of(), input);
    } catch (HostCommandException e) {
      throw new PacketFilterException(e.getMessage(), e);
    }
  }
}
