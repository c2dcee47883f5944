package dev.shiplog.standalone;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Parts left out of {@code up}, so that others can take their place.
 *
 * @param allControllers no controller runs
 * @param controllers names of single controllers that do not run
 * @param scheduler the scheduler does not run
 * @param agent no node runs
 */
public record Without(
    boolean allControllers, Set<String> controllers, boolean scheduler, boolean agent) {

  public static final Without NOTHING = new Without(false, Set.of(), false, false);

  public Without {
    controllers = Set.copyOf(controllers);
  }

  /**
   * Reads {@code controllers[=name+name…],scheduler,agent}. A list of names may be given with
   * commas too: what follows {@code controllers=} and is no part is a name.
   *
   * @throws IllegalArgumentException if a word is neither
   */
  public static Without parse(String text) {
    Parsed parsed = new Parsed();
    for (String word : text.split(",")) {
      parsed.add(word.strip());
    }
    return new Without(parsed.all, parsed.names, parsed.scheduler, parsed.agent);
  }

  /** What was read so far; names may go on in the next word. */
  private static final class Parsed {
    private static final String NAMES = "controllers=";
    private final Set<String> names = new LinkedHashSet<>();
    private boolean all;
    private boolean scheduler;
    private boolean agent;

    void add(String word) {
      switch (word) {
        case "controllers" -> all = true;
        case "scheduler" -> scheduler = true;
        case "agent" -> agent = true;
        case String list when list.startsWith(NAMES) -> addNames(list.substring(NAMES.length()));
        case String name when !names.isEmpty() -> addNames(name);
        case String other ->
            throw new IllegalArgumentException(
                "'" + other + "' is not one of controllers, controllers=NAME,…, scheduler, agent");
      }
    }

    private void addNames(String list) {
      names.addAll(Arrays.asList(list.split("\\+")));
    }
  }
}
