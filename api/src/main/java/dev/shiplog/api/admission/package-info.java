/**
 * What may get in: each write passes the plug-ins of {@link dev.shiplog.api.admission.Admission} in
 * order, before it is validated. A plug-in completes or refuses.
 */
package dev.shiplog.api.admission;
