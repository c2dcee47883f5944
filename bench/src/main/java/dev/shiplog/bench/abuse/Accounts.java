package dev.shiplog.bench.abuse;

import dev.shiplog.bench.report.Client;
import dev.shiplog.bench.report.Product;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two service accounts of the same rights, and the objects that they work on. */
final class Accounts {

  static final String MAPS = "/api/v1/namespaces/bench/configmaps";

  private static final String ACCOUNTS = "/api/v1/namespaces/bench/serviceaccounts";
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  private final Client admin;

  Accounts(Product product) throws IOException, GeneralSecurityException {
    this.admin = product.client();
  }

  void make(int objects) throws IOException, InterruptedException {
    create("/api/v1/namespaces", "v1", "Namespace", "\"name\":\"bench\"", "");
    for (String name : new String[] {"good", "bad"}) {
      create(ACCOUNTS, "v1", "ServiceAccount", "\"name\":\"" + name + "\"", "");
    }
    create(
        "/apis/rbac.authorization.k8s.io/v1/namespaces/bench/rolebindings",
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "\"name\":\"bench\"",
        """
        ,"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"},
        "subjects":[{"kind":"ServiceAccount","namespace":"bench","name":"good"},
        {"kind":"ServiceAccount","namespace":"bench","name":"bad"}]\
        """);
    for (int i = 0; i < objects; i++) {
      byte[] _ = admin.send("POST", MAPS, map("\"name\":\"filler-" + i + "\"", 1024), 201);
    }
  }

  /** A token of one of them. */
  String token(String name) throws IOException, InterruptedException {
    byte[] made =
        admin.send(
            "POST",
            ACCOUNTS + "/" + name + "/token",
            "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{}}",
            201);
    Matcher token = TOKEN.matcher(new String(made, StandardCharsets.UTF_8));
    if (!token.find()) {
      throw new IOException("no token in the answer");
    }
    return token.group(1);
  }

  /** A ConfigMap. */
  static String map(String metadata, int bytes) {
    return object("v1", "ConfigMap", metadata, ",\"data\":{\"a\":\"" + "x".repeat(bytes) + "\"}");
  }

  private void create(String path, String version, String kind, String metadata, String rest)
      throws IOException, InterruptedException {
    byte[] _ = admin.send("POST", path, object(version, kind, metadata, rest), 201);
  }

  private static String object(String version, String kind, String metadata, String rest) {
    return "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{%s}%s}"
        .formatted(version, kind, metadata, rest);
  }
}
