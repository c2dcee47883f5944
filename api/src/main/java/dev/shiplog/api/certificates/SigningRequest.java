package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.SubjectNames;
import dev.shiplog.topics.journal.UserInfo;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * A CertificateSigningRequest as it is stored, and what it asks for.
 *
 * @param object the stored object
 * @param asked the PKCS#10 request in it
 */
record SigningRequest(ObjectNode object, PKCS10CertificationRequest asked) {

  /** Reads one; empty if it holds no PKCS#10 request in PEM form. */
  static Optional<SigningRequest> of(ObjectNode object) {
    try {
      String pem =
          new String(
              Base64.getDecoder().decode(object.at("/spec/request").asText("")),
              StandardCharsets.UTF_8);
      try (PEMParser parser = new PEMParser(new StringReader(pem))) {
        return parser.readObject() instanceof PKCS10CertificationRequest request
            ? Optional.of(new SigningRequest(object, request))
            : Optional.empty();
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  String signer() {
    return object.at("/spec/signerName").asText("");
  }

  TreeSet<String> usages() {
    TreeSet<String> usages = new TreeSet<>();
    object.at("/spec/usages").forEach(usage -> usages.add(usage.asText()));
    return usages;
  }

  /** Who asked. */
  UserInfo requester() {
    JsonNode spec = object.path("spec");
    List<String> groups = new ArrayList<>();
    spec.path("groups").forEach(group -> groups.add(group.asText()));
    Map<String, List<String>> extra = new LinkedHashMap<>();
    spec.path("extra")
        .properties()
        .forEach(entry -> {
          List<String> values = new ArrayList<>();
          entry.getValue().forEach(value -> values.add(value.asText()));
          extra.put(entry.getKey(), values);
        });
    return new UserInfo(
        spec.path("username").asText(""), spec.path("uid").asText(""), groups, extra);
  }

  boolean is(String condition) {
    for (JsonNode one : object.at("/status/conditions")) {
      if (one.path("type").asText().equals(condition)
          && one.path("status").asText("True").equals("True")) {
        return true;
      }
    }
    return false;
  }

  boolean isIssued() {
    return !object.at("/status/certificate").asText("").isEmpty();
  }

  Instant created() {
    return Instant.parse(object.at("/metadata/creationTimestamp").asText("1970-01-01T00:00:00Z"));
  }

  /** Empty if there is not exactly one. */
  String commonName() {
    return SubjectNames.commonName(asked.getSubject()).orElse("");
  }

  List<String> organizations() {
    return SubjectNames.organizations(asked.getSubject());
  }

  /** The names beside the subject that it asks for. */
  Optional<GeneralNames> alternativeNames() {
    return Arrays.stream(asked.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest))
        .map(attribute -> Extensions.getInstance(attribute.getAttrValues().getObjectAt(0)))
        .map(
            extensions -> GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName))
        .filter(java.util.Objects::nonNull)
        .findFirst();
  }

  /** Whether all of these names are addresses or host names, and there is at least one. */
  boolean asksForHostsOnly() {
    return alternativeNames()
        .map(names ->
            names.getNames().length > 0
                && Arrays.stream(names.getNames())
                    .allMatch(name ->
                        name.getTagNo() == GeneralName.dNSName
                            || name.getTagNo() == GeneralName.iPAddress))
        .orElse(false);
  }
}
