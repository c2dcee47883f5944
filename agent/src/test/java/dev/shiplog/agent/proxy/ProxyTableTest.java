package dev.shiplog.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shiplog.agent.nft.NftScript;
import dev.shiplog.agent.nft.NftTable;
import dev.shiplog.agent.proxy.ServicePortRule.Anywhere;
import dev.shiplog.agent.proxy.ServicePortRule.ThisNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProxyTableTest {

  private static final ProxySettings SETTINGS =
      new ProxySettings("node-1", "10.244.0.0/16", List.of("10.96.0.0/12"), "services");
  private static final Endpoint FIRST = new Endpoint("10.244.0.5", 8080);
  private static final Endpoint SECOND = new Endpoint("10.244.0.6", 8080);

  private static ServicePortRule rule(
      String service, int nodePort, boolean sticky, List<Endpoint> endpoints) {
    return new ServicePortRule(
        service,
        Protocol.TCP,
        80,
        List.of("10.96.0.10"),
        List.of(),
        nodePort,
        sticky,
        endpoints,
        new Anywhere(endpoints));
  }

  private static NftTable table(ServicePortRule... rules) {
    return WholeRules.table(List.of(rules), SETTINGS);
  }

  private static List<String> rulesOf(NftTable table, String chain) {
    return table.chains().get(chain).rules();
  }

  @Test
  void withoutServicesThereIsTheFrame() {
    assertThat(NftScript.replace(table()))
        .isEqualTo(
            """
            add table ip services
            delete table ip services
            table ip services {
              set cluster-ips {
                type ipv4_addr
              }
              set hairpins {
                type ipv4_addr . ipv4_addr
              }
              map node-ports {
                type inet_proto . inet_service : verdict
              }
              set refused-addresses {
                type ipv4_addr . inet_proto . inet_service
              }
              set refused-ports {
                type inet_proto . inet_service
              }
              map services {
                type ipv4_addr . inet_proto . inet_service : verdict
              }
              chain dispatch {
                ip daddr . meta l4proto . th dport vmap @services
                fib daddr type local meta l4proto . th dport vmap @node-ports
              }
              chain guard-localhost {
                type filter hook prerouting priority raw; policy accept;
                iifname != "lo" ip daddr 127.0.0.0/8 drop
              }
              chain output {
                type nat hook output priority -100; policy accept;
                jump dispatch
              }
              chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                meta mark & 0x4000 == 0x4000 meta mark set meta mark ^ 0x4000 masquerade
                ct status dnat ip saddr . ip daddr @hairpins masquerade
                ct status dnat ip saddr 127.0.0.0/8 masquerade
                ct status dnat ct original ip daddr @cluster-ips ip saddr != 10.244.0.0/16 fib saddr type != local masquerade
              }
              chain prerouting {
                type nat hook prerouting priority dstnat; policy accept;
                jump dispatch
              }
              chain refuse {
                meta l4proto tcp reject with tcp reset
                reject
              }
              chain refuse-output {
                type filter hook output priority -90; policy accept;
                ip daddr @cluster-ips goto refuse
                ip daddr . meta l4proto . th dport @refused-addresses goto refuse
                fib daddr type local meta l4proto . th dport @refused-ports goto refuse
              }
              chain refuse-prerouting {
                type filter hook prerouting priority -90; policy accept;
                ip daddr @cluster-ips goto refuse
                ip daddr . meta l4proto . th dport @refused-addresses goto refuse
                fib daddr type local meta l4proto . th dport @refused-ports goto refuse
              }
            }
            """);
  }

  @Test
  void severalEndpointsShareTheTrafficEvenly() {
    NftTable table = table(rule("default/web", 0, false, List.of(FIRST, SECOND)));

    assertThat(table.collections().get("services").elements())
        .containsOnlyKeys("10.96.0.10 . tcp . 80")
        .containsValue("goto service/default/web/tcp/80");
    assertThat(rulesOf(table, "service/default/web/tcp/80"))
        .containsExactly(
            "meta l4proto tcp dnat ip to numgen random mod 2"
                + " map { 0 : 10.244.0.5 . 8080, 1 : 10.244.0.6 . 8080 }");
  }

  @Test
  void aSingleEndpointGetsItAll() {
    assertThat(
            rulesOf(
                table(rule("default/web", 0, false, List.of(FIRST))), "service/default/web/tcp/80"))
        .containsExactly("meta l4proto tcp dnat ip to 10.244.0.5:8080");
  }

  @Test
  void aStickyClientIsRecognizedByItsAddress() {
    assertThat(
            rulesOf(
                table(rule("default/web", 0, true, List.of(FIRST, SECOND))),
                "service/default/web/tcp/80"))
        .singleElement()
        .asString()
        .contains("jhash ip saddr mod 2 ");
  }

  @Test
  void aServiceWithoutEndpointsKeepsItsAddressToRefuseItsTraffic() {
    NftTable table = table(rule("default/web", 30080, false, List.of()));

    assertThat(table.collections().get("cluster-ips").elements()).containsKey("10.96.0.10");
    assertThat(table.collections().get("refused-ports").elements()).containsKey("tcp . 30080");
    assertThat(table.collections().get("services").elements()).isEmpty();
    assertThat(table.collections().get("node-ports").elements()).isEmpty();
  }

  @Test
  void trafficToANodePortIsMarkedForMasquerading() {
    NftTable table = table(rule("default/web", 30080, false, List.of(FIRST)));

    assertThat(table.collections().get("node-ports").elements())
        .containsEntry("tcp . 30080", "goto outside/default/web/tcp/80");
    assertThat(rulesOf(table, "outside/default/web/tcp/80"))
        .containsExactly(
            "meta mark set meta mark | 0x4000", "meta l4proto tcp dnat ip to 10.244.0.5:8080");
  }

  @Test
  void trafficThatStaysOnTheNodeKeepsTheClientsAddress() {
    var rule =
        new ServicePortRule(
            "default/web",
            Protocol.UDP,
            53,
            List.of("10.96.0.10"),
            List.of("192.0.2.7"),
            30053,
            false,
            List.of(FIRST, SECOND),
            new ThisNode(List.of(SECOND)));

    NftTable table = table(rule);

    assertThat(rulesOf(table, "outside/default/web/udp/53"))
        .containsExactly("meta l4proto udp dnat ip to 10.244.0.6:8080");
    assertThat(table.collections().get("services").elements())
        .containsEntry("192.0.2.7 . udp . 53", "goto outside/default/web/udp/53");
  }

  @Test
  void trafficThatMustStayOnANodeWithoutEndpointsIsDropped() {
    var rule =
        new ServicePortRule(
            "default/web",
            Protocol.TCP,
            80,
            List.of("10.96.0.10"),
            List.of(),
            30080,
            false,
            List.of(FIRST),
            new ThisNode(List.of()));

    assertThat(rulesOf(table(rule), "outside/default/web/tcp/80")).containsExactly("drop");
  }

  @Test
  void ofTwoServicesThatClaimAnAddressTheFirstByNameHasIt() {
    NftTable table =
        table(
            rule("default/a", 0, false, List.of(FIRST)),
            rule("default/b", 0, false, List.of(SECOND)));

    assertThat(table.collections().get("services").elements())
        .containsValue("goto service/default/a/tcp/80")
        .hasSize(1);
  }

  @Test
  void everyEndpointIsAPossibleHairpin() {
    assertThat(
            table(rule("default/web", 0, false, List.of(FIRST, SECOND)))
                .collections()
                .get("hairpins")
                .elements())
        .containsOnlyKeys("10.244.0.5 . 10.244.0.5", "10.244.0.6 . 10.244.0.6");
  }

  @Test
  void certainClientsAloneMayAskALoadBalancer() {
    NftTable table =
        WholeRules.table(
            List.of(
                new ServicePortRule(
                    "default/web",
                    Protocol.TCP,
                    80,
                    List.of("10.96.0.10"),
                    List.of("10.112.0.1", "192.0.2.7"),
                    Optional.of(
                        new ServicePortRule.Guarded(
                            List.of("10.112.0.1"), List.of("192.0.2.0/24"))),
                    0,
                    false,
                    List.of(FIRST),
                    new Anywhere(List.of(FIRST)))),
            SETTINGS);

    assertThat(table.chains().get("guard/default/web/tcp/80").rules())
        .containsExactly("ip saddr 192.0.2.0/24 goto outside/default/web/tcp/80", "drop");
    assertThat(table.collections().get("services").elements())
        .containsEntry("10.112.0.1 . tcp . 80", "goto guard/default/web/tcp/80")
        .containsEntry("192.0.2.7 . tcp . 80", "goto outside/default/web/tcp/80");
  }
}
