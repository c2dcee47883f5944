package dev.shiplog.api.http;

import static dev.shiplog.api.http.AdmissionApi.json;
import static dev.shiplog.api.http.AdmissionApi.made;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.http.RawHttp.Reply;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Defines resources for a test, and takes them away again. Quotes may be written {@code '}. */
final class Definitions {

  static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  /** What a test makes carries it, so that it finds all of it again. */
  static final String OURS = PATH + "?labelSelector=test%3Dtried";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RawHttp http;

  Definitions(RawHttp http) {
    this.http = http;
  }

  static String path(String plural, String group) {
    return PATH + "/" + plural + "." + group;
  }

  static String version(String name, boolean stored, String schema) {
    return "{'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':%s}}"
        .formatted(name, stored, schema);
  }

  static String definition(String plural, String group, String kind, String versions) {
    return json(
        """
        {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
         'metadata':{'name':'%s.%s','labels':{'test':'tried'}},
         'spec':{'group':'%s','scope':'Namespaced','names':{'plural':'%s','kind':'%s'},
          'versions':[%s]}}\
        """
            .formatted(plural, group, group, plural, kind, versions));
  }

  /** Defines a resource in the given versions, and waits until it is there. */
  void define(String plural, String group, String kind, String versions) {
    made(http.post(PATH, definition(plural, group, kind, versions)));
    await(path(plural, group), reply -> condition(reply.json(), "Established").equals("True"));
  }

  void removeAll() {
    http.delete(OURS);
    await(OURS, reply -> reply.json().path("items").isEmpty());
  }

  static String condition(JsonNode definition, String type) {
    for (JsonNode condition : definition.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  Reply await(String path, Predicate<Reply> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Reply reply = http.get(path);
    while (!wanted.test(reply)) {
      assertThat(System.nanoTime()).as(reply.text()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      reply = http.get(path);
    }
    return reply;
  }

  Reply patch(String path, String media, String patch) {
    return made(http.send("PATCH", path, json(patch), "Content-Type", media));
  }
}
