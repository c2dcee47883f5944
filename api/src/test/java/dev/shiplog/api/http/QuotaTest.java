package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class QuotaTest {

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi api;

  private AdmissionApi in(String namespace) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
    return api;
  }

  private JsonNode quota(String hard, String rest) {
    return made(api.create(
            "resourcequotas",
            "v1",
            "ResourceQuota",
            "q",
            "'spec':{'hard':{%s}%s}".formatted(hard, rest.isEmpty() ? "" : "," + rest)))
        .json();
  }

  private JsonNode used() {
    return api.http().get(api.path("resourcequotas/q")).json().at("/status/used");
  }

  private Reply map(String name) {
    return api.create("configmaps", "v1", "ConfigMap", name, "");
  }

  @Test
  void aNewQuotaCountsWhatIsThereAndItself() {
    in("quota-new");
    made(map("a"));

    JsonNode quota = quota("'configmaps':'5','count/configmaps':'5','resourcequotas':'1'", "");

    assertThat(quota.at("/status/hard/configmaps").asText()).isEqualTo("5");
    assertThat(quota.at("/status/used/configmaps").asText()).isEqualTo("1");
    assertThat(quota.at("/status/used/count~1configmaps").asText()).isEqualTo("1");
    assertThat(quota.at("/status/used/resourcequotas").asText()).isEqualTo("1");
  }

  @Test
  void useGrowsAndShrinksWithTheObjectsAndNeverExceedsIt() {
    in("quota-life");
    quota("'configmaps':'2'", "");
    made(map("a"));
    made(map("b"));

    Reply refused = map("c");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.text())
        .contains(
            "exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2");

    api.http().delete(api.path("configmaps/a"));
    assertThat(used().path("configmaps").asText()).isEqualTo("1");
    made(map("c"));
  }

  @Test
  void manyAtOnceGetExactlyWhatThereIs() {
    in("quota-race");
    quota("'configmaps':'7'", "");
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Integer>> asked =
          IntStream.range(0, 40)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> map("m" + i).code(), clients))
              .toList();
      assertThat(asked.stream().map(CompletableFuture::join).filter(code -> code == 201))
          .hasSize(7);
    }
    assertThat(used().path("configmaps").asText()).isEqualTo("7");
    assertThat(api.http().get(api.path("configmaps")).json().path("items")).hasSize(7);
  }

  @Test
  void podsAreCountedByWhatTheyAskForUntilTheyHaveEnded() {
    in("quota-pods");
    quota("'pods':'3','requests.cpu':'1','limits.memory':'1Gi'", "");

    assertThat(api.pod("silent", "").text())
        .contains("failed quota: q: must specify limits.memory for: c; requests.cpu for: c");
    made(api.pod("a", "'resources':{'requests':{'cpu':'600m'},'limits':{'memory':'256Mi'}}"));
    assertThat(used().path("requests.cpu").asText()).isEqualTo("600m");
    assertThat(
            api.pod("b", "'resources':{'requests':{'cpu':'500m'},'limits':{'memory':'1Mi'}}")
                .text())
        .contains("requested: requests.cpu=500m, used: requests.cpu=600m, limited: requests.cpu=1");

    made(api.patch(api.path("pods/a/status"), "{'status':{'phase':'Succeeded'}}"));

    assertThat(used().path("requests.cpu").asText()).isEqualTo("0");
    assertThat(used().path("pods").asText()).isEqualTo("0");
  }

  @Test
  void aScopeLeavesOutOtherPods() {
    in("quota-scopes");
    quota("'pods':'1'", "'scopes':['BestEffort']");

    made(api.pod("guaranteed", "'resources':{'limits':{'cpu':'1','memory':'1Mi'}}"));
    made(api.pod("best", ""));

    assertThat(used().path("pods").asText()).isEqualTo("1");
    assertThat(api.pod("second", "").code()).isEqualTo(403);
  }

  @Test
  void podsWithAnEndAreCountedApartFromThoseWithout() {
    in("quota-terminating");
    quota("'pods':'1'", "'scopes':['Terminating']");
    made(
        api.create(
            "resourcequotas",
            "v1",
            "ResourceQuota",
            "endless",
            "'spec':{'hard':{'pods':'1'},'scopes':['NotTerminating']}"));

    made(api.pod("short", "", "'activeDeadlineSeconds':3600"));
    made(api.pod("long", ""));

    assertThat(used().path("pods").asText()).isEqualTo("1");
    assertThat(api.pod("another", "").text()).contains("exceeded quota: endless");
    assertThat(api.pod("brief", "", "'activeDeadlineSeconds':60").text())
        .contains("exceeded quota: q");
    api.http().delete(api.path("pods/short?gracePeriodSeconds=0"));
    assertThat(used().path("pods").asText()).isEqualTo("0");
  }

  @Test
  void servicesAndClaimsAreCountedByWhatTheyTake() {
    in("quota-kinds");
    quota("'services':'2','services.nodeports':'1','requests.storage':'3Gi'", "");

    made(
        api.create(
            "services", "v1", "Service", "s", "'spec':{'type':'NodePort','ports':[{'port':80}]}"));
    assertThat(
            api.create(
                    "services",
                    "v1",
                    "Service",
                    "t",
                    "'spec':{'type':'NodePort','ports':[{'port':80}]}")
                .text())
        .contains("services.nodeports");
    String claim =
        "'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'2Gi'}}}";
    made(api.create("persistentvolumeclaims", "v1", "PersistentVolumeClaim", "c", claim));
    assertThat(
            api.create("persistentvolumeclaims", "v1", "PersistentVolumeClaim", "d", claim).code())
        .isEqualTo(403);
    assertThat(used().path("requests.storage").asText()).isEqualTo("2Gi");
    assertThat(used().path("services").asText()).isEqualTo("1");
  }

  @Test
  void aLimitThatIsRaisedOrAddedIsCountedAtOnceAndNobodyElseWritesTheUse() {
    in("quota-change");
    quota("'configmaps':'1'", "");
    made(map("a"));

    JsonNode changed =
        made(api.patch(
                api.path("resourcequotas/q"),
                "{'spec':{'hard':{'configmaps':'4','count/serviceaccounts':'9'}}}"))
            .json();
    assertThat(changed.at("/status/hard/configmaps").asText()).isEqualTo("4");
    assertThat(changed.at("/status/used/configmaps").asText()).isEqualTo("1");
    assertThat(changed.at("/status/used/count~1serviceaccounts").asText()).isEqualTo("1");

    made(api.patch(api.path("resourcequotas/q/status"), "{'status':{'used':{'configmaps':'0'}}}"));
    assertThat(used().path("configmaps").asText()).isEqualTo("1");
  }

  @Test
  void aDryRunUsesNothingAndIsRefusedAllTheSame() {
    in("quota-dry");
    quota("'configmaps':'1'", "");
    String dry = api.path("configmaps") + "?dryRun=All";

    made(api.http().post(dry, AdmissionApi.object("v1", "ConfigMap", "x", "")));
    assertThat(used().path("configmaps").asText()).isEqualTo("0");
    made(map("a"));
    assertThat(api.http().post(dry, AdmissionApi.object("v1", "ConfigMap", "y", "")).code())
        .isEqualTo(403);
  }
}
