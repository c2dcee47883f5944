package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What a rewind makes of objects that run, or hold on to something outside of them. */
@QuarkusTest
class RewindOfWorkTest {

  @TestHTTPResource("/")
  URI server;

  private AdmissionApi api;

  private void in(String namespace) {
    api = new AdmissionApi(server.getPort(), namespace).begin("");
  }

  private JsonNode rewind(long to) {
    return made(api.http()
            .post(
                "/apis/shiplog.dev/v1/namespaces/" + api.namespace + "/rewinds",
                json(
                    "{'apiVersion':'shiplog.dev/v1','kind':'Rewind','spec':{'to':'%d'}}"
                        .formatted(to))))
        .json()
        .path("status");
  }

  private static long revision(JsonNode object) {
    return object.at("/metadata/resourceVersion").asLong();
  }

  private String jobs() {
    return "/apis/batch/v1/namespaces/" + api.namespace + "/jobs";
  }

  private JsonNode job(String name) {
    return made(api.post(
            jobs(),
            "batch/v1",
            "Job",
            name,
            "'spec':{'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'%s'}]}}}"
                .formatted(AdmissionApi.QUIET)))
        .json();
  }

  @Test
  void aJobThatWasDeletedRunsAgainUnderANewIdentity() {
    in("rewind-job");
    JsonNode job = job("j");
    api.http().delete(jobs() + "/j?propagationPolicy=Background");
    assertThat(api.http().get(jobs() + "/j").code()).isEqualTo(404);

    assertThat(rewind(revision(job)).at("/operations/0/operation").asText()).isEqualTo("Create");

    JsonNode again = api.http().get(jobs() + "/j").json();
    String uid = again.at("/metadata/uid").asText();
    assertThat(uid).isNotEmpty().isNotEqualTo(job.at("/metadata/uid").asText());
    // Else it would count the pods of the one before.
    assertThat(again.at("/spec/selector/matchLabels/batch.kubernetes.io~1controller-uid").asText())
        .isEqualTo(uid);
    assertThat(
            again.at("/spec/template/metadata/labels/batch.kubernetes.io~1controller-uid").asText())
        .isEqualTo(uid);
  }

  @Test
  void aJobThatHadEndedIsNotRunAgain() {
    in("rewind-ended");
    job("done");
    JsonNode ended =
        made(api.patch(
                jobs() + "/done/status",
                "{'status':{'startTime':'2026-01-01T00:00:00Z','completionTime':'2026-01-01T00:01:00Z','succeeded':1,'uncountedTerminatedPods':{},'conditions':["
                    + "{'type':'SuccessCriteriaMet','status':'True'},{'type':'Complete','status':'True'}]}}"))
            .json();
    api.http().delete(jobs() + "/done?propagationPolicy=Background");

    JsonNode status = rewind(revision(ended));

    assertThat(status.path("operations")).isEmpty();
    assertThat(status.at("/leftAlone/0/reason").asText()).contains("it is not run again");
    assertThat(api.http().get(jobs() + "/done").code()).isEqualTo(404);
  }

  @Test
  void aClaimComesBackUnbound() {
    in("rewind-claim");
    made(
        api.create(
            "persistentvolumeclaims",
            "v1",
            "PersistentVolumeClaim",
            "c",
            "'spec':{'accessModes':['ReadWriteOnce'],'storageClassName':'','resources':{'requests':{'storage':'1Gi'}}}"));
    String path = api.path("persistentvolumeclaims/c");
    JsonNode bound =
        made(api.patch(
                path,
                "{'metadata':{'annotations':{'pv.kubernetes.io/bind-completed':'yes'}},'spec':{'volumeName':'v'}}"))
            .json();
    api.http().delete(path);
    api.patch(path, "{'metadata':{'finalizers':null}}");
    assertThat(api.http().get(path).code()).isEqualTo(404);

    rewind(revision(bound));

    JsonNode again = api.http().get(path).json();
    assertThat(again.at("/spec/resources/requests/storage").asText()).isEqualTo("1Gi");
    assertThat(again.at("/spec").has("volumeName")).isFalse();
    assertThat(again.at("/metadata/annotations").has("pv.kubernetes.io/bind-completed")).isFalse();
  }

  @Test
  void aPodOfNobodysGetsItsImageBackWhereItRuns() {
    in("rewind-pod");
    JsonNode pod = made(api.pod("p", "", "'nodeName':'n'")).json();
    made(
        api.http()
            .send(
                "PATCH",
                api.path("pods/p"),
                json("{'spec':{'containers':[{'name':'c','image':'other:2'}]}}"),
                "Content-Type",
                "application/strategic-merge-patch+json"));

    rewind(revision(pod));

    JsonNode again = api.http().get(api.path("pods/p")).json();
    assertThat(again.at("/spec/containers/0/image").asText()).isEqualTo(AdmissionApi.QUIET);
    assertThat(again.at("/metadata/uid")).isEqualTo(pod.at("/metadata/uid"));
    assertThat(again.at("/spec/nodeName").asText()).isEqualTo("n");
  }

  @Test
  void aPodThatIsGoneIsScheduledAnewUnlessItHadEnded() {
    in("rewind-gone");
    made(api.pod("ended", "", "'nodeName':'n'"));
    made(api.patch(api.path("pods/ended/status"), "{'status':{'phase':'Succeeded'}}"));
    JsonNode pod = made(api.pod("p", "", "'nodeName':'n'")).json();
    api.http().delete(api.path("pods/p?gracePeriodSeconds=0"));
    api.http().delete(api.path("pods/ended?gracePeriodSeconds=0"));

    JsonNode status = rewind(revision(pod));

    assertThat(status.path("operations")).hasSize(1);
    assertThat(status.at("/leftAlone/0/name").asText()).isEqualTo("ended");
    JsonNode again = api.http().get(api.path("pods/p")).json();
    assertThat(again.at("/spec").has("nodeName")).isFalse();
    assertThat(again.at("/metadata/uid")).isNotEqualTo(pod.at("/metadata/uid"));
  }
}
