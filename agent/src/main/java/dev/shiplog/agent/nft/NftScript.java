package dev.shiplog.agent.nft;

import dev.shiplog.agent.nft.NftTable.Chain;
import dev.shiplog.agent.nft.NftTable.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Scripts for {@code nft -f}, each of which the kernel takes as a whole or not at all. Replacing
 * the whole table costs the kernel half a millisecond for each service, on every change; so what
 * changed is changed alone, and the whole is written where there is nothing to change from.
 */
public final class NftScript {

  private NftScript() {}

  /** Makes the table what it is to be, whatever it was. */
  public static String replace(NftTable table) {
    var script = new StringBuilder(remove(table.name()));
    script.append("table ip %s {\n".formatted(table.name()));
    table.collections().forEach((name, it) -> appendCollection(script, name, it));
    table.chains().forEach((name, it) -> appendChain(script, name, it));
    return script.append("}\n").toString();
  }

  /** Takes the table away, whether it is there or not. */
  public static String remove(String table) {
    return "add table ip %1$s\ndelete table ip %1$s\n".formatted(table);
  }

  private static void appendCollection(StringBuilder script, String name, Collection collection) {
    script.append("  %s %s {\n".formatted(collection.kind(), name));
    script.append("    type %s\n".formatted(collection.type()));
    if (!collection.elements().isEmpty()) {
      script.append("    elements = %s\n".formatted(elements(collection.elements())));
    }
    script.append("  }\n");
  }

  private static void appendChain(StringBuilder script, String name, Chain chain) {
    script.append("  chain %s {\n".formatted(name));
    if (!chain.hook().isEmpty()) {
      script.append("    %s\n".formatted(chain.hook()));
    }
    chain.rules().forEach(rule -> script.append("    %s\n".formatted(rule)));
    script.append("  }\n");
  }

  private static String elements(SortedMap<String, String> elements) {
    return elements.entrySet().stream()
        .map(it -> it.getValue().isEmpty() ? it.getKey() : it.getKey() + " : " + it.getValue())
        .collect(Collectors.joining(",\n      ", "{\n      ", " }"));
  }

  /**
   * Makes one table of the other; empty if they are equal. The kernel refuses it if its table is
   * not the first one.
   */
  public static String change(NftTable from, NftTable to) {
    if (!hasSameFrame(from, to)) {
      return replace(to);
    }
    var script = new StringBuilder();
    // Chains come before the rules and elements that lead to them, and go after these.
    without(to.chains(), from.chains())
        .keySet()
        .forEach(it -> script.append("add chain ip %s %s\n".formatted(to.name(), it)));
    to.chains()
        .forEach((name, chain) -> {
          Chain before = from.chains().get(name);
          if (!chain.equals(before)) {
            appendRules(script, to.name(), name, chain, before != null);
          }
        });
    to.collections()
        .forEach((name, it) ->
            appendElements(
                script, to.name() + " " + name, from.collections().get(name).elements(), it));
    SortedMap<String, Chain> gone = without(from.chains(), to.chains());
    gone.keySet().forEach(it -> script.append("flush chain ip %s %s\n".formatted(to.name(), it)));
    gone.keySet().forEach(it -> script.append("delete chain ip %s %s\n".formatted(to.name(), it)));
    return script.toString();
  }

  /** Sets, maps and hooks are made once; only what they hold changes. */
  private static boolean hasSameFrame(NftTable from, NftTable to) {
    return from.name().equals(to.name()) && frame(from).equals(frame(to));
  }

  private static Map<String, String> frame(NftTable table) {
    var frame = new TreeMap<String, String>();
    table.collections().forEach((name, it) -> frame.put(name, it.kind() + " " + it.type()));
    table
        .chains()
        .forEach((name, it) -> {
          if (!it.hook().isEmpty()) {
            frame.put("chain " + name, it.hook());
          }
        });
    return frame;
  }

  private static void appendRules(
      StringBuilder script, String table, String name, Chain chain, boolean hasOthers) {
    if (hasOthers) {
      script.append("flush chain ip %s %s\n".formatted(table, name));
    }
    chain
        .rules()
        .forEach(rule -> script.append("add rule ip %s %s %s\n".formatted(table, name, rule)));
  }

  private static void appendElements(
      StringBuilder script, String where, SortedMap<String, String> before, Collection now) {
    var gone = new TreeMap<String, String>();
    before.forEach((key, value) -> {
      if (!value.equals(now.elements().get(key))) {
        gone.put(key, "");
      }
    });
    var fresh = new TreeMap<String, String>();
    now.elements()
        .forEach((key, value) -> {
          if (!value.equals(before.get(key))) {
            fresh.put(key, value);
          }
        });
    if (!gone.isEmpty()) {
      script.append("delete element ip %s %s\n".formatted(where, elements(gone)));
    }
    if (!fresh.isEmpty()) {
      script.append("add element ip %s %s\n".formatted(where, elements(fresh)));
    }
  }

  private static <T> SortedMap<String, T> without(
      SortedMap<String, T> some, SortedMap<String, T> others) {
    var rest = new TreeMap<>(some);
    rest.keySet().removeAll(others.keySet());
    return rest;
  }
}
