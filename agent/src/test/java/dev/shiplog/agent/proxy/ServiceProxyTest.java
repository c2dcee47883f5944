package dev.shiplog.agent.proxy;

import static dev.shiplog.agent.proxy.Clusters.ready;
import static dev.shiplog.agent.proxy.Clusters.view;
import static dev.shiplog.agent.proxy.Clusters.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shiplog.agent.nft.PacketFilter;
import dev.shiplog.agent.nft.PacketFilterException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceProxyTest {

  private static final ServiceView ONE =
      view(List.of(web("10.96.0.10").build()), List.of(ready("web", "TCP", 8080, "10.244.0.1")));
  private static final ServiceView TWO =
      view(
          List.of(web("10.96.0.10").build()),
          List.of(ready("web", "TCP", 8080, "10.244.0.1", "10.244.0.2")));

  @TempDir Path directory;
  private final Filter filter = new Filter();
  private Path routeLocalnet;
  private Path routes;
  private ServiceProxy proxy;

  /** Remembers scripts, and refuses as many as a test says. */
  private static final class Filter implements PacketFilter {

    private final List<String> scripts = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean tableExists;

    @Override
    public void apply(String script) {
      if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new PacketFilterException("no such file", null);
      }
      scripts.add(script);
    }

    @Override
    public boolean hasTable(String name) {
      return tableExists;
    }
  }

  @BeforeEach
  void makeProxy() throws Exception {
    routes = directory.resolve("routes");
    Path ip = recordingIp();
    routeLocalnet = Files.writeString(directory.resolve("route_localnet"), "0\n");
    proxy =
        new ServiceProxy(
            new ProxySettings("node-1", "10.244.0.0/16", List.of("10.96.0.0/12"), "services"),
            filter,
            new LocalhostRouting(routeLocalnet),
            new ServiceRoute(ip, List.of("10.96.0.0/12")),
            Optional.empty());
  }

  /** A program ip that writes down what it is told, and finds no way. */
  private Path recordingIp() throws Exception {
    Path ip = directory.resolve("ip");
    Files.writeString(ip, "#!/bin/sh\necho \"$@\" >> %s\n[ $3 != get ]\n".formatted(routes));
    assertThat(ip.toFile().setExecutable(true)).isTrue();
    return ip;
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private void startWith(ServiceView view) {
    proxy.start();
    proxy.update(view);
    await().until(() -> !filter.scripts.isEmpty());
  }

  @Test
  void withoutAViewTheRulesOfTheLastProxyStay() {
    proxy.start();
    proxy.leave();

    assertThat(filter.scripts).isEmpty();
  }

  @Test
  void theFirstViewReplacesTheWholeTable() {
    startWith(ONE);

    assertThat(filter.scripts.getFirst())
        .startsWith("add table ip services\ndelete table ip services\ntable ip services {")
        .contains("dnat ip to 10.244.0.1:8080");
  }

  @Test
  void aLaterViewChangesWhatIsDifferent() {
    startWith(ONE);

    proxy.update(TWO);

    await().until(() -> filter.scripts.size() == 2);
    assertThat(filter.scripts.getLast())
        .startsWith("flush chain ip services service/default/web/tcp/80\n")
        .contains("numgen random mod 2");
  }

  @Test
  void aViewThatChangesNothingCostsNothing() {
    startWith(ONE);

    proxy.update(ONE);
    proxy.update(TWO);

    await().until(() -> filter.scripts.size() == 2);
    assertThat(filter.scripts.getLast()).contains("numgen random mod 2");
  }

  @Test
  void aChangeThatIsRefusedIsFollowedByTheWhole() {
    startWith(ONE);
    filter.refusals.set(1);

    proxy.update(TWO);

    await().until(() -> filter.scripts.size() == 2);
    assertThat(filter.scripts.getLast()).startsWith("add table ip services\n");
    assertThat(proxy.trouble()).isEmpty();
  }

  @Test
  void aFilterThatRefusesEverythingIsReportedAndTriedAgain() {
    filter.refusals.set(1);
    proxy.start();
    proxy.update(ONE);

    await().until(() -> proxy.trouble().isPresent());
    assertThat(proxy.trouble())
        .contains("the packet filter does not take the rules of services: no such file");

    await().until(() -> filter.scripts.size() == 1);
    await().until(() -> proxy.trouble().isEmpty());
  }

  @Test
  void closingTakesTheTableAway() throws Exception {
    startWith(ONE);
    await().until(() -> Files.readString(routeLocalnet).equals("1"));

    proxy.close();

    assertThat(filter.scripts.getLast())
        .isEqualTo("add table ip services\ndelete table ip services\n");
    assertThat(routeLocalnet).hasContent("0");
  }

  @Test
  void whereThereIsNoWayToServicesOneIsMadeAndRemoved() throws Exception {
    startWith(ONE);
    await().until(() -> Files.exists(routes) && Files.readString(routes).contains("replace"));

    proxy.close();

    assertThat(routes)
        .hasContent(
            """
            -4 route get 10.96.0.0
            -4 route replace 10.96.0.0/12 dev lo src 127.0.0.1 proto 151
            -4 route delete 10.96.0.0/12 dev lo proto 151
            """);
  }

  @Test
  void leavingKeepsTheTable() throws Exception {
    startWith(ONE);
    await().until(() -> Files.readString(routeLocalnet).equals("1"));

    proxy.leave();

    assertThat(filter.scripts).hasSize(1);
    assertThat(routeLocalnet).hasContent("1");
  }

  @Test
  void aSettingThatWasOnBeforeStaysOn() throws Exception {
    Files.writeString(routeLocalnet, "1");
    startWith(ONE);

    proxy.close();

    assertThat(routeLocalnet).hasContent("1");
  }

  @Test
  void aSettingThatAnEarlierProxyLeftOnIsSwitchedOff() throws Exception {
    Files.writeString(routeLocalnet, "1");
    filter.tableExists = true;
    startWith(ONE);

    proxy.close();

    assertThat(routeLocalnet).hasContent("0");
  }
}
