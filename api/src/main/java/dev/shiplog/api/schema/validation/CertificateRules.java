package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.text;
import static dev.shiplog.api.schema.Trees.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Requests for certificates. */
final class CertificateRules {

  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String PEM_TYPE = "-----BEGIN CERTIFICATE REQUEST-----";
  private static final int SHORTEST_SECONDS = 600;
  private static final String NO_SIGNER = "kubernetes.io/legacy-unknown";

  private CertificateRules() {}

  static void register(KindTable table) {
    table.kind(
        "certificates.v1.CertificateSigningRequest",
        rules -> rules.always(CertificateRules::request));
  }

  private static void request(ObjectNode object, Causes causes) {
    if (!(object.get("spec") instanceof ObjectNode spec)) {
      return;
    }
    if (!asked(spec).contains(PEM_TYPE)) {
      causes.invalid(
          SPEC.child("request"), at(spec, "request"), "PEM block type must be CERTIFICATE REQUEST");
    }
    usages(spec, causes);
    signer(text(spec, "signerName"), causes);
    new Checks(spec, SPEC, causes)
        .range(
            "expirationSeconds",
            SHORTEST_SECONDS,
            Integer.MAX_VALUE,
            "may not specify a duration less than 600 seconds (10 minutes)");
  }

  private static String asked(ObjectNode spec) {
    try {
      byte[] pem = Base64.getDecoder().decode(text(spec, "request"));
      return new String(pem, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static void usages(ObjectNode spec, Causes causes) {
    List<String> usages = texts(spec, "usages");
    if (usages.isEmpty()) {
      causes.required(SPEC.child("usages"));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < usages.size(); i++) {
      if (!seen.add(usages.get(i))) {
        causes.duplicate(SPEC.child("usages").index(i), usages.get(i));
      }
    }
  }

  private static void signer(String signer, Causes causes) {
    FieldPath path = SPEC.child("signerName");
    if (signer.isEmpty()) {
      causes.required(path);
      return;
    }
    int slash = signer.indexOf('/');
    if (slash <= 0 || slash == signer.length() - 1 || !signer.substring(0, slash).contains(".")) {
      causes.invalid(
          path,
          signer,
          "must be a fully qualified domain and path of the form \"example.com/signer-name\"");
      return;
    }
    Checks.name(path, signer.substring(0, slash), Names::subdomain, causes);
    Checks.name(path, signer.substring(slash + 1), Names::subdomain, causes);
    if (signer.equals(NO_SIGNER)) {
      causes.invalid(path, signer, "the legacy signerName is not allowed via this API version");
    }
  }
}
