/**
 * ResourceQuotas: how much of what a namespace may hold. The use of a quota changes in the commit
 * that changes what is used, so that it is exact and never exceeded, however many ask at once.
 */
package dev.shiplog.api.admission.quota;
