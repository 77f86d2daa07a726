/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copies capabilities, and saves and loads them. */
#include <config.h>

#define LIBVIRT_QEMU_CAPSPRIV_H_ALLOW

#include "checks/roundtrip.h"

#include "driver/property.h"
#include "known/known.h"
#include "qemu/qemu_capspriv.h"

/* What libvirt says about capabilities, and about what becomes of them. */
typedef struct {
    char *text; /* what can be read out */
    char *copied;
    char *saved;
    CpCapsVerdict verdict; /* what loading the saved document returns */
    char *loaded;          /* what can be read out of it; NULL if it is refused */
    char *saved_again;
    char *error;
} Trip;

static void
trip_clear(Trip *trip)
{
    g_free(trip->text);
    g_free(trip->copied);
    g_free(trip->saved);
    g_free(trip->loaded);
    g_free(trip->saved_again);
    g_free(trip->error);
    *trip = (Trip){ NULL };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trip, trip_clear)

/* Gives SEV's identifier, which libvirt does not load, to what was loaded. */
static void
mend_sev(virQEMUCaps *caps, virQEMUCaps *loaded)
{
    const virSEVCapability *sev = virQEMUCapsGetSEVCapabilities(caps);
    virSEVCapability *loaded_sev = (virSEVCapability *)virQEMUCapsGetSEVCapabilities(loaded);

    if (!cp_known_is_mended(CP_KNOWN_SEV_CPU0_ID) || !sev || !sev->cpu0_id || !loaded_sev || loaded_sev->cpu0_id)
        return;
    loaded_sev->cpu0_id = g_strdup(sev->cpu0_id);
    cp_known_mended(CP_KNOWN_SEV_CPU0_ID);
}

static Trip
travel(virQEMUCaps *caps, virArch host)
{
    Trip trip = { .text = cp_caps_read_out(caps), .saved = cp_caps_format(caps) };
    g_autoptr(virQEMUCaps) copied = virQEMUCapsNewCopy(caps);
    g_autoptr(virQEMUCaps) loaded =
        cp_caps_load(trip.saved, strlen(trip.saved), NULL, host, CP_CAPS_ANY_WRITER, &trip.verdict);

    trip.copied = cp_caps_read_out(copied);
    if (trip.verdict != CP_CAPS_LOADED) {
        trip.error = g_strdup(virGetLastErrorMessage());
        return trip;
    }
    mend_sev(caps, loaded);
    trip.loaded = cp_caps_read_out(loaded);
    trip.saved_again = cp_caps_format(loaded);
    return trip;
}

static gboolean
is_same(const Trip *trip)
{
    return STREQ(trip->text, trip->copied) && trip->loaded && STREQ(trip->text, trip->loaded) &&
           STREQ(trip->saved, trip->saved_again);
}

/* Reports what differs. `defect` explains it, or is NULL. */
static void
report(const Trip *trip, const char *defect)
{
    if (STRNEQ(trip->text, trip->copied))
        cp_property_differs(defect, "copied", trip->text, trip->copied);
    else if (!trip->loaded)
        cp_property_fails(defect, trip->saved, "what was saved cannot be loaded: %s", trip->error);
    else if (STRNEQ(trip->text, trip->loaded))
        cp_property_differs(defect, "saved and loaded", trip->text, trip->loaded);
    else
        cp_property_differs(defect, "saved again", trip->saved, trip->saved_again);
}

typedef struct {
    virArch host;
    CpRoundtripMake make;
    gpointer data;
    Trip trip; /* the last one */
} Again;

static gboolean
travel_again(gpointer data)
{
    Again *again = data;
    g_autoptr(virQEMUCaps) caps = again->make(again->data, again->host);

    trip_clear(&again->trip);
    if (!caps)
        return FALSE;
    again->trip = travel(caps, again->host);
    return is_same(&again->trip);
}

void
cp_roundtrip(virQEMUCaps *caps, virArch host, CpRoundtripMake make, gpointer data)
{
    g_auto(Trip) trip = travel(caps, host);

    if (is_same(&trip))
        return;

    Again again = { .host = host, .make = make, .data = data };
    CpKnownSet explained = cp_known_explain(travel_again, &again);
    g_auto(Trip) left = again.trip;

    report(explained || !left.text || is_same(&left) ? &trip : &left, cp_known_show(explained));
}
