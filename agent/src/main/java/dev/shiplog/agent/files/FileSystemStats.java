package dev.shiplog.agent.files;

import dev.shiplog.agent.host.HostCommand;
import dev.shiplog.agent.host.HostCommandException;
import dev.shiplog.agent.runtime.FsStats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** How full file systems are, by the host's {@code stat}: Java does not tell of inodes. */
public final class FileSystemStats {

  private static final Logger LOG = Logger.getLogger(FileSystemStats.class);
  private static final Duration AT_MOST = Duration.ofSeconds(20);

  /** Size of a block; blocks in all, free, free for users; inodes in all, free; path. */
  private static final String FORMAT = "%S %b %f %a %c %d %n";

  private static final Pattern LINE =
      Pattern.compile("(\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (.+)");

  private FileSystemStats() {}

  /** Those that the paths lie in, by path; one that is not there any more is left out. */
  public static Map<Path, FsStats> of(Collection<Path> paths) {
    if (paths.isEmpty()) {
      return Map.of();
    }
    List<String> command = new ArrayList<>(List.of("stat", "-f", "-c", FORMAT, "--"));
    paths.forEach(path -> command.add(path.toString()));
    Map<Path, FsStats> stats = new HashMap<>();
    try {
      // One that fails keeps it from none of the others.
      String output = HostCommand.run(AT_MOST, command).output();
      output.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> put(line, stats));
    } catch (HostCommandException e) {
      LOG.debugf("file systems cannot be measured: %s", e.getMessage());
    }
    return stats;
  }

  private static void put(Matcher line, Map<Path, FsStats> stats) {
    long block = number(line, 1);
    long inodes = number(line, 5);
    stats.put(
        Path.of(line.group(7)),
        new FsStats(
            block * number(line, 4),
            block * number(line, 2),
            block * (number(line, 2) - number(line, 3)),
            inodes,
            number(line, 6),
            inodes - number(line, 6)));
  }

  private static long number(Matcher line, int group) {
    return Long.parseLong(line.group(group));
  }
}
