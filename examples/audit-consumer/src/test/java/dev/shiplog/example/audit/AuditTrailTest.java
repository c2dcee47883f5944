package dev.shiplog.example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is answered, given events as they are in the audit topic. */
class AuditTrailTest {

  private static final Question ANY = question(null, null, null, null, null, null);

  private final AuditTrail trail = new AuditTrail();

  @BeforeEach
  void anAdministratorMakesAndDeletesAndAControllerScales() throws JsonProcessingException {
    trail.add(change(1, "admin", "create", "create", "apps", "deployments", "web"));
    trail.add(change(2, "controller", "patch", "update", "apps", "deployments", "web"));
    trail.add(change(3, "admin", "delete", "delete", "", "configmaps", "old"));
  }

  private static Change change(
      int second,
      String user,
      String verb,
      String operation,
      String group,
      String resource,
      String name)
      throws JsonProcessingException {
    String event =
        """
        {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a",
         "stage":"ResponseComplete","requestURI":"/","verb":"%s","user":{"username":"%s"},
         "userAgent":"kubectl",
         "objectRef":{"resource":"%s","namespace":"default","name":"%s"%s},
         "stageTimestamp":"2026-01-31T10:00:0%d.000000Z",
         "annotations":{"shiplog.dev/operation":"%s","shiplog.dev/revision":"%d"},
         "responseObject":{"kind":"X"}}
        """
            .formatted(
                verb,
                user,
                resource,
                name,
                group.isEmpty() ? "" : ",\"apiGroup\":\"" + group + "\"",
                second,
                operation,
                second);
    return Change.of(new ObjectMapper().readTree(event));
  }

  private static Question question(
      String user, String verb, String resource, String namespace, String name, Instant since) {
    return new Question(user, verb, resource, namespace, name, since, null, null);
  }

  private List<Long> answers(Question question) {
    return trail.newest(question, 10).stream().map(Change::revision).toList();
  }

  @Test
  void theNewestComesFirst() {
    assertEquals(List.of(3L, 2L, 1L), answers(ANY));
    assertEquals(3, trail.newest(ANY, 1).getFirst().revision());
  }

  @Test
  void anEventSaysWhoDidWhatWhen() {
    Change first = trail.newest(ANY, 3).getLast();
    assertEquals("admin", first.user());
    assertEquals("create", first.operation());
    assertEquals("deployments.apps", first.resource());
    assertEquals("web", first.name());
    assertEquals(Instant.parse("2026-01-31T10:00:01Z"), first.when());
    assertNull(first.before());
    assertEquals("X", first.after().path("kind").asText());
  }

  @Test
  void questionsNarrowByUserVerbResourceNameAndTime() {
    assertEquals(List.of(3L, 1L), answers(question("admin", null, null, null, null, null)));
    assertEquals(List.of(2L), answers(question(null, "patch", null, null, null, null)));
    assertEquals(
        List.of(2L, 1L), answers(question(null, null, "deployments", null, null, null)));
    assertEquals(
        List.of(2L, 1L), answers(question("", "", "deployments.apps", "default", "web", null)));
    assertEquals(
        List.of(3L),
        answers(
            question(null, null, null, null, null, Instant.parse("2026-01-31T10:00:03Z"))));
  }

  @Test
  void aPageGoesOnBelowTheRevisionWhereTheLastOneEnded() {
    Question next = new Question(null, null, null, null, null, null, 3L, null);
    assertEquals(List.of(2L, 1L), answers(next));
  }

  @Test
  void whatChangedNothingIsNoChangeButARequest() throws JsonProcessingException {
    List<Change> heard = new ArrayList<>();
    Runnable leave = trail.listen(heard::add);
    trail.add(
        Change.of(
            new ObjectMapper()
                .readTree(
                    """
                    {"kind":"Event","verb":"get","user":{"username":"mallory"},
                     "objectRef":{"resource":"secrets","namespace":"default","name":"s"},
                     "responseStatus":{"code":403},"stageTimestamp":"2026-01-31T10:00:09Z"}
                    """)));
    leave.run();

    assertEquals(List.of(3L, 2L, 1L), answers(ANY));
    assertEquals(List.of(), heard);
    Question refused = new Question("mallory", null, null, null, null, null, null, 403);
    assertEquals("s", trail.requests(refused, 10).getFirst().name());
    Question answered = new Question("mallory", null, null, null, null, null, null, 200);
    assertEquals(List.of(), trail.requests(answered, 10));
  }

  @Test
  void listenersHearOfWhatComesUntilTheyLeave() throws JsonProcessingException {
    List<Long> heard = new ArrayList<>();
    Runnable leave = trail.listen(change -> heard.add(change.revision()));
    trail.add(change(4, "admin", "create", "create", "", "pods", "p"));
    leave.run();
    trail.add(change(5, "admin", "create", "create", "", "pods", "q"));

    assertEquals(List.of(4L), heard);
  }
}
