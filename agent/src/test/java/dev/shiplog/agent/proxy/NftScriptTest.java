package dev.shiplog.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.nft.NftScript;
import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.nft.NftTable.Chain;
import dev.shiplog.agent.nft.NftTable.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class NftScriptTest {

  private static final String HOOK = "type nat hook output priority -100; policy accept;";

  private static NftTable table(Map<String, String> elements, Map<String, String> chains) {
    var all = new TreeMap<String, Chain>();
    all.put("output", new Chain(HOOK, List.of("ip daddr vmap @map")));
    chains.forEach((name, rule) -> all.put(name, new Chain("", List.of(rule))));
    return new NftTable(
        "t",
        new TreeMap<>(
            Map.of("map", new Collection("map", "ipv4_addr : verdict", new TreeMap<>(elements)))),
        all);
  }

  @Test
  void equalTablesNeedNoChange() {
    assertThat(NftScript.change(table(Map.of(), Map.of()), table(Map.of(), Map.of()))).isEmpty();
  }

  @Test
  void aTableIsReplacedWhetherItIsThereOrNot() {
    assertThat(NftScript.replace(table(Map.of("1.1.1.1", "goto a"), Map.of("a", "accept"))))
        .isEqualTo(
            """
            add table ip t
            delete table ip t
            table ip t {
              map map {
                type ipv4_addr : verdict
                elements = {
                  1.1.1.1 : goto a }
              }
              chain a {
                accept
              }
              chain output {
                type nat hook output priority -100; policy accept;
                ip daddr vmap @map
              }
            }
            """);
  }

  @Test
  void aNewChainComesBeforeTheElementThatLeadsToIt() {
    assertThat(
            NftScript.change(
                table(Map.of(), Map.of()),
                table(Map.of("1.1.1.1", "goto a"), Map.of("a", "accept"))))
        .isEqualTo(
            """
            add chain ip t a
            add rule ip t a accept
            add element ip t map {
                  1.1.1.1 : goto a }
            """);
  }

  @Test
  void aNewChainComesBeforeTheRuleThatLeadsToIt() {
    assertThat(
            NftScript.change(
                table(Map.of(), Map.of()), table(Map.of(), Map.of("a", "goto b", "b", "accept"))))
        .isEqualTo(
            """
            add chain ip t a
            add chain ip t b
            add rule ip t a goto b
            add rule ip t b accept
            """);
  }

  @Test
  void aChainGoesAfterTheElementThatLedToIt() {
    assertThat(
            NftScript.change(
                table(Map.of("1.1.1.1", "goto a"), Map.of("a", "accept")),
                table(Map.of(), Map.of())))
        .isEqualTo(
            """
            delete element ip t map {
                  1.1.1.1 }
            flush chain ip t a
            delete chain ip t a
            """);
  }

  @Test
  void onlyTheChainThatChangedIsWritten() {
    assertThat(
            NftScript.change(
                table(Map.of("1.1.1.1", "goto a"), Map.of("a", "accept", "b", "accept")),
                table(Map.of("1.1.1.1", "goto a"), Map.of("a", "drop", "b", "accept"))))
        .isEqualTo(
            """
            flush chain ip t a
            add rule ip t a drop
            """);
  }

  @Test
  void anElementThatLeadsElsewhereIsReplaced() {
    Map<String, String> chains = Map.of("a", "accept", "b", "accept");

    assertThat(
            NftScript.change(
                table(Map.of("1.1.1.1", "goto a"), chains),
                table(Map.of("1.1.1.1", "goto b"), chains)))
        .isEqualTo(
            """
            delete element ip t map {
                  1.1.1.1 }
            add element ip t map {
                  1.1.1.1 : goto b }
            """);
  }

  @Test
  void anotherFrameNeedsAnotherTable() {
    NftTable other =
        new NftTable(
            "t", new TreeMap<>(), new TreeMap<>(Map.of("output", new Chain(HOOK, List.of()))));

    assertThat(NftScript.change(table(Map.of(), Map.of()), other))
        .isEqualTo(NftScript.replace(other));
  }
}
