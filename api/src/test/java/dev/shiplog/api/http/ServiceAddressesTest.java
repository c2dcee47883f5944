package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where Services get their addresses from, and the objects that tell of it. */
@QuarkusTest
class ServiceAddressesTest {

  private static final String NETWORKING = "/apis/networking.k8s.io/v1/";
  private static final String ADDRESSES = NETWORKING + "ipaddresses/";
  private static final String RANGES = NETWORKING + "servicecidrs";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi api;

  private AdmissionApi in(String namespace) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
    return api;
  }

  private JsonNode get(String path) {
    return api.http().get(path).json();
  }

  private int code(String path) {
    return api.http().get(path).code();
  }

  private Reply service(String name, String spec) {
    return api.create(
        "services", "v1", "Service", name, "'spec':{%s'ports':[{'port':80}]}".formatted(spec));
  }

  private String addressOf(Reply service) {
    return made(service).json().at("/spec/clusterIP").asText();
  }

  private void range(String name, String cidr) {
    made(
        api.post(
            RANGES,
            "networking.k8s.io/v1",
            "ServiceCIDR",
            name,
            "'spec':{'cidrs':['%s']}".formatted(cidr)));
    awaitReady(name, "True");
  }

  private void awaitReady(String name, String status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(get(RANGES + "/" + name).at("/status/conditions/0").toString())
                .contains("\"type\":\"Ready\"", "\"status\":\"" + status + "\""));
  }

  private void awaitGone(String path) {
    await().atMost(PATIENCE).until(() -> code(path) == 404);
  }

  @Test
  void theRangeOfTheClusterIsAnObject() {
    in("range-of-cluster");
    awaitReady("kubernetes", "True");

    assertThat(get(RANGES + "/kubernetes").at("/spec/cidrs/0").asText()).isEqualTo("10.96.0.0/16");
    assertThat(get(ADDRESSES + "10.96.0.1").at("/spec/parentRef/name").asText())
        .isEqualTo("kubernetes");
  }

  @Test
  void anAddressIsMadeAndGoesInTheCommitOfItsService() {
    in("address-of-service");
    String address = addressOf(service("web", ""));

    JsonNode object = get(ADDRESSES + address);
    assertThat(object.at("/metadata/labels"))
        .hasToString(
            "{\"ipaddress.kubernetes.io/ip-family\":\"IPv4\","
                + "\"ipaddress.kubernetes.io/managed-by\":\"ipallocator.k8s.io\"}");
    assertThat(object.at("/spec/parentRef"))
        .hasToString(
            "{\"resource\":\"services\",\"namespace\":\"address-of-service\",\"name\":\"web\"}");
    assertThat(object.at("/metadata/uid").asText()).isNotEmpty();

    api.http().delete(api.path("services/web"));
    assertThat(code(ADDRESSES + address)).isEqualTo(404);
  }

  @Test
  void aServiceThatNeedsNoneHasNone() {
    in("address-needless");
    String address = addressOf(service("web", ""));
    made(service("headless", "'clusterIP':'None',"));

    api.http()
        .send(
            "PATCH",
            api.path("services/web"),
            json("{'spec':{'type':'ExternalName','externalName':'x.example'}}"),
            "Content-Type",
            "application/merge-patch+json");

    assertThat(code(ADDRESSES + address)).isEqualTo(404);
    assertThat(get(NETWORKING + "ipaddresses").toString()).doesNotContain("address-needless");
  }

  @Test
  void aTryMakesNone() {
    in("address-dry");
    Reply tried =
        api.http()
            .post(
                api.path("services") + "?dryRun=All",
                AdmissionApi.object("v1", "Service", "web", "'spec':{'ports':[{'port':80}]}"));

    assertThat(code(ADDRESSES + addressOf(tried))).isEqualTo(404);
  }

  @Test
  void anAddressThatSomebodyElseKeepsIsNotGivenOut() {
    in("address-kept");
    made(
        api.post(
            NETWORKING + "ipaddresses",
            "networking.k8s.io/v1",
            "IPAddress",
            "10.96.9.9",
            "'spec':{'parentRef':{'group':'g.example','resource':'gateways','name':'mine'}}"));

    assertThat(service("web", "'clusterIP':'10.96.9.9',").text())
        .contains("failed to allocate IP 10.96.9.9: provided IP is already allocated");
  }

  @Test
  void oneThatWasDeletedComesBackWhileItsServiceHasTheAddress() {
    in("address-back");
    String address = addressOf(service("web", ""));

    String uid = get(ADDRESSES + address).at("/metadata/uid").asText();
    api.http().delete(ADDRESSES + address);

    await()
        .atMost(PATIENCE)
        .until(() ->
            code(ADDRESSES + address) == 200
                && !get(ADDRESSES + address).at("/metadata/uid").asText().equals(uid));
  }

  @Test
  void anotherRangeAddsAddresses() {
    in("range-more");
    String spec = "'clusterIP':'10.201.0.5',";
    assertThat(service("web", spec).text()).contains("not in the valid range of cluster IPs");
    range("more", "10.201.0.0/24");

    assertThat(addressOf(service("web", spec))).isEqualTo("10.201.0.5");
    assertThat(code(ADDRESSES + "10.201.0.5")).isEqualTo(200);
  }

  @Test
  void aRangeIsNotDeletedWhileAServiceHasAnAddressOfIt() {
    in("range-held");
    range("held", "10.202.0.0/24");
    made(service("web", "'clusterIP':'10.202.0.5',"));

    api.http().delete(RANGES + "/held");
    awaitReady("held", "False");
    assertThat(get(RANGES + "/held").at("/status/conditions/0/reason").asText())
        .isEqualTo("Terminating");
    assertThat(service("late", "'clusterIP':'10.202.0.6',").text()).contains("not in the valid");

    api.http().delete(api.path("services/web"));
    awaitGone(RANGES + "/held");
  }

  @Test
  void aServiceMayTakeTheAddressOfOneThatGoesInTheSameTransaction() {
    in("address-handed-on");
    made(service("old", "'clusterIP':'10.96.8.8',"));
    String target =
        "{'apiVersion':'v1','kind':'Service','namespace':'address-handed-on','name':'old'}";
    String next =
        "{'apiVersion':'v1','kind':'Service','metadata':{'name':'new','namespace':'address-handed-on'},"
            + "'spec':{'clusterIP':'10.96.8.8','ports':[{'port':80}]}}";
    Reply done =
        api.http()
            .post(
                "/apis/shiplog.dev/v1/transactions",
                json(
                    ("{'apiVersion':'shiplog.dev/v1','kind':'Transaction','spec':{'operations':["
                            + "{'operation':'Delete','target':%s},"
                            + "{'operation':'Create','object':%s}]}}")
                        .formatted(target, next)));

    assertThat(List.of(200, 201)).as(done.text()).contains(done.code());
    assertThat(get(ADDRESSES + "10.96.8.8").at("/spec/parentRef/name").asText()).isEqualTo("new");
  }
}
