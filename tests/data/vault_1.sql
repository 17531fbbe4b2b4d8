-- A vault of schema version 1, as the first version of this program wrote it; sealed with the key 00 01 .. 1f.
PRAGMA application_id = 1396790833;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE client_secret (
        authorize_host TEXT NOT NULL,
        client_id TEXT NOT NULL,
        written_at TEXT NOT NULL,
        version INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (authorize_host, client_id)
    );
INSERT INTO "client_secret" VALUES('apps.fortnox.se','8VurtMGDTeAI','2026-11-23T12:30:15.123456+00:00',3,X'C434975D8250247B6E57649BEC365C2BAA1E07FD5AA76D827A579AAEE288C991E7DD0085');
CREATE TABLE connection (
        id TEXT PRIMARY KEY NOT NULL,
        account TEXT NOT NULL CHECK (account IN ('service', 'user')),
        authorize_host TEXT NOT NULL,
        client_id TEXT NOT NULL,
        tenant_id TEXT NOT NULL,
        person_id TEXT,
        person_name TEXT,
        company_name TEXT NOT NULL,
        organisation_number TEXT NOT NULL,
        town TEXT NOT NULL,
        integration_name TEXT NOT NULL,
        vendor TEXT NOT NULL,
        authorize_address TEXT NOT NULL,
        token_address TEXT NOT NULL,
        revoke_address TEXT NOT NULL,
        migrate_address TEXT NOT NULL,
        api_address TEXT NOT NULL,
        pkce INTEGER NOT NULL CHECK (pkce IN (0, 1)),
        relay_token_address TEXT,
        relay_revoke_address TEXT,
        redirect_uri TEXT NOT NULL,
        scopes_asked TEXT NOT NULL,
        scopes_granted TEXT NOT NULL,
        start_page TEXT NOT NULL,
        connected_at TEXT NOT NULL,
        valid_until TEXT,
        last_checked TEXT,
        written_at TEXT NOT NULL,
        version INTEGER NOT NULL,
        sealed BLOB NOT NULL
    );
INSERT INTO "connection" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','service','apps.fortnox.se','8VurtMGDTeAI','1234567',NULL,NULL,'Åkerlunds Möbler & Söner AB','556677-8899','Växjö','Lagerkoll','Exempelbolaget AB','https://apps.fortnox.se/oauth-v1/auth','https://apps.fortnox.se/oauth-v1/token','https://apps.fortnox.se/oauth-v1/revoke','https://apps.fortnox.se/oauth-v1/migrate','https://api.fortnox.se',1,'https://lagerkoll.example/token','https://lagerkoll.example/revoke','https://lagerkoll.example/activation','["companyinformation", "article", "order"]','["companyinformation", "article"]','https://lagerkoll.example/login','2026-11-23T12:30:15.123456+00:00',NULL,NULL,'2026-11-23T12:30:15.123456+00:00',1,X'0C8083B49DB5F6929434AC335787C3B79B71154741E943804E676F2BE0CE874F4550228B08D8E6B0BA9FB68DDCB182A8D56A0279D8EEBC0455E4B89E89C74BA58302FAF67C');
INSERT INTO "connection" VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','user','apps.fortnox.se','8VurtMGDTeAI','1234567','42','Eva Åkerlund','Åkerlunds Möbler & Söner AB','556677-8899','Växjö','Lagerkoll','Exempelbolaget AB','https://apps.fortnox.se/oauth-v1/auth','https://apps.fortnox.se/oauth-v1/token','https://apps.fortnox.se/oauth-v1/revoke','https://apps.fortnox.se/oauth-v1/migrate','https://api.fortnox.se',1,NULL,NULL,'https://lagerkoll.example/activation','["companyinformation", "article", "order"]','["companyinformation", "article"]','https://lagerkoll.example/login','2026-11-23T12:30:15.123456+00:00','2027-01-07T12:30:15.123456+00:00',NULL,'2026-11-23T12:30:15.123456+00:00',2,X'E29062A620906E14D9C443352E77D990D4D167FB296B291E10F908D797F0ED09230399C3A8593DD2DAB7D137F8CA76623222813B33B6785AEEDD');
CREATE TABLE vault (one INTEGER PRIMARY KEY CHECK (one = 1), last_version INTEGER NOT NULL, key_check BLOB);
INSERT INTO "vault" VALUES(1,3,X'9E52FF21BB7F6D20EF76A9704D9C72356348CFDE9FA269B9EE3AAD2426F087114FB0404631F526C31D9CC55C1F20BDF2C5');
CREATE UNIQUE INDEX one_service_account ON connection (authorize_host, client_id, tenant_id)
        WHERE account = 'service'
    ;
CREATE UNIQUE INDEX one_user_account ON connection (authorize_host, client_id, tenant_id, person_id)
        WHERE account = 'user' AND person_id IS NOT NULL
    ;
COMMIT;
