package dev.shiplog.agent.policy;

import static dev.shiplog.agent.policy.Policies.pod;
import static dev.shiplog.agent.policy.Policies.view;
import static dev.shiplog.agent.policy.Policies.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.nft.NftScript;
import dev.shiplog.agent.nft.NftTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PolicyTableTest {

  private static final PolicySettings SETTINGS =
      new PolicySettings(Policies.NODE, "10.244.0.0/24", "policies");
  private static final PolicyView CLUSTER =
      view(
          pod("default", "server", "10.244.0.2"),
          pod("default", "friend", "10.244.0.3"),
          pod("other", "stranger", "10.244.0.4"),
          new PolicyPod("default", Map.of(), "10.244.9.9", "node-2", Map.of()));

  private static NftTable table(PolicyView view) {
    return PolicyEnforcer.table(view, SETTINGS);
  }

  /** Rules of the one chain with this prefix. */
  private static List<String> rules(NftTable table, String prefix) {
    List<String> chains =
        table.chains().keySet().stream().filter(c -> c.startsWith(prefix)).toList();
    assertThat(chains).hasSize(1);
    return table.chains().get(chains.getFirst()).rules();
  }

  private static List<String> ingress(String spec) {
    return rules(
        table(with(CLUSTER, "p", "podSelector: {matchLabels: {app: server}}\n" + spec)), "in/");
  }

  private static List<String> egress(String spec) {
    return rules(
        table(
            with(
                CLUSTER,
                "p",
                "podSelector: {matchLabels: {app: server}}\npolicyTypes: [Egress]\n" + spec)),
        "out/");
  }

  @Test
  void withoutPoliciesNothingIsLookedAt() {
    assertThat(table(CLUSTER).chains().get("forward").rules()).isEmpty();
  }

  @Test
  void aPodThatNoPolicySelectsIsNotIsolated() {
    NftTable table = table(with(CLUSTER, "p", "podSelector: {matchLabels: {app: nobody}}"));

    assertThat(table.collections().get("receivers").elements()).isEmpty();
  }

  @Test
  void aSelectedPodWithoutRulesLetsNobodyIn() {
    assertThat(ingress("")).containsExactly("drop");
  }

  @Test
  void policiesOfAnotherNamespaceDoNotSelectIt() {
    NftTable table = table(with(CLUSTER, "p", "podSelector: {}"));

    assertThat(table.collections().get("receivers").elements())
        .containsOnlyKeys("10.244.0.2", "10.244.0.3");
  }

  @Test
  void podsAreSelectedByLabelInThePolicysNamespace() {
    NftTable table =
        table(
            with(
                CLUSTER,
                "p",
                "podSelector: {matchLabels: {app: server}}\n"
                    + "ingress: [{from: [{podSelector: {matchLabels: {app: friend}}}]}]"));

    String rule = rules(table, "in/").getFirst();
    assertThat(rule).matches("ip saddr @peers/[0-9a-f]+ return");
    String set = rule.replaceAll(".*@(\\S+) .*", "$1");
    assertThat(table.collections().get(set).elements()).containsOnlyKeys("10.244.0.3");
  }

  @Test
  void namespacesAreSelectedByTheirLabels() {
    NftTable table =
        table(
            with(
                CLUSTER,
                "p",
                "podSelector: {matchLabels: {app: server}}\n"
                    + "ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]"));

    assertThat(table.collections().entrySet())
        .filteredOn(each -> each.getKey().startsWith("peers/"))
        .singleElement()
        .satisfies(set -> assertThat(set.getValue().elements()).containsOnlyKeys("10.244.0.4"));
  }

  @Test
  void aSelectionsMembersChangeAlone() {
    PolicyView before =
        with(CLUSTER, "p", "podSelector: {}\ningress: [{from: [{podSelector: {}}]}]");
    PolicyView after =
        before.withPod(
            "default/new", new PolicyPod("default", Map.of(), "10.244.9.5", "node-2", Map.of()));

    assertThat(NftScript.change(table(before), table(after)))
        .startsWith("add element ip policies peers/")
        .doesNotContain("chain");
  }

  @Test
  void portsAreJoinedByProtocol() {
    assertThat(
            ingress(
                "ingress: [{ports: [{port: 80}, {port: 81, endPort: 90}, {port: 85}, {protocol:"
                    + " UDP, port: 53}]}]"))
        .containsExactly(
            "meta l4proto tcp th dport { 80-90 } return",
            "meta l4proto udp th dport { 53 } return",
            "drop");
  }

  @Test
  void aNamedPortIsThatOfThePodThatIsAsked() {
    assertThat(ingress("ingress: [{ports: [{port: web}]}]"))
        .containsExactly("meta l4proto tcp th dport { 8080 } return", "drop");
    assertThat(ingress("ingress: [{ports: [{port: none}]}]")).containsExactly("drop");
  }

  @Test
  void aNamedPortOnTheWayOutIsLookedUpAtEveryPeer() {
    assertThat(egress("egress: [{to: [{podSelector: {}}], ports: [{port: web}]}]").getFirst())
        .matches("ip daddr @peers/[0-9a-f]+ meta l4proto tcp th dport \\{ 8080 \\} return");
  }

  @Test
  void aBlockOfAddressesLeavesItsExceptionsOut() {
    assertThat(
            egress(
                "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16,"
                    + " 10.2.0.0/16]}}]}]"))
        .containsExactly(
            "ip daddr 10.0.0.0/8 ip daddr != 10.1.0.0/16 ip daddr != 10.2.0.0/16 return", "drop");
  }

  @Test
  void textThatIsNoAddressNeverReachesTheScript() {
    assertThat(egress("egress: [{to: [{ipBlock: {cidr: '10.0.0.0/8 accept'}}]}]"))
        .containsExactly("drop");
  }

  @Test
  void whatAnyPolicyAllowsIsAllowed() {
    PolicyView view = with(CLUSTER, "a", "podSelector: {matchLabels: {app: server}}");
    view =
        with(
            view,
            "b",
            "podSelector: {matchLabels: {app: server}}\ningress: [{ports: [{port: 80}]}]");

    assertThat(rules(table(view), "in/"))
        .containsExactly("meta l4proto tcp th dport { 80 } return", "drop");
  }

  @Test
  void aPodThatTheLogDoesNotTellOfYetGetsNothing() {
    NftTable table = table(with(CLUSTER, "p", "podSelector: {matchLabels: {app: server}}"));

    assertThat(table.chains().get("forward").rules())
        .contains("ip daddr 10.244.0.0/24 ip daddr != @known drop");
    assertThat(table.collections().get("known").elements())
        .containsOnlyKeys("10.244.0.2", "10.244.0.3", "10.244.0.4");
  }
}
