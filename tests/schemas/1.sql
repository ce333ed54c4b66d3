-- A case as auger wrote it with schema version 1: two events, a finding with a verdict, a note, a filter.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE setting(
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;
INSERT INTO setting VALUES('case.made_at',X'323032362d31312d32315431383a30313a33302e3030303030305a');
INSERT INTO setting VALUES('case.made_by',X'617567657220302e312e30');
INSERT INTO setting VALUES('case.ruleset',X'63306262336234356437643632633730393861373535313463666432656662633730656632353936396431653862393637356238313337353133643237666135');
INSERT INTO setting VALUES('case.unfinished',X'30');
CREATE TABLE evidence_file(
	id         INTEGER PRIMARY KEY,
	path       TEXT NOT NULL,
	size       INTEGER NOT NULL,
	sha256     TEXT,
	format     TEXT,
	status     TEXT NOT NULL,
	events     INTEGER NOT NULL DEFAULT 0,
	duplicates INTEGER NOT NULL DEFAULT 0,
	gaps       INTEGER NOT NULL DEFAULT 0,
	gap_bytes  INTEGER NOT NULL DEFAULT 0,
	resume     INTEGER NOT NULL DEFAULT 0,
	done       INTEGER NOT NULL DEFAULT 0
);
INSERT INTO evidence_file VALUES(1,'one.ndjson',774,'c18f5bd78554091f89991b771635a7196d1c3fae84567bc38b9f06500b88d7f6','json','ok',2,0,0,0,774,1);
CREATE TABLE evidence_copy(
	evidence INTEGER NOT NULL,
	path     TEXT NOT NULL,
	PRIMARY KEY(evidence, path)
) WITHOUT ROWID;
CREATE TABLE gap(
	id           INTEGER PRIMARY KEY,
	evidence     INTEGER NOT NULL,
	offset       INTEGER NOT NULL,
	length       INTEGER NOT NULL,
	records_lost INTEGER NOT NULL,
	reason       TEXT NOT NULL,
	UNIQUE(evidence, offset, length, reason)
);
CREATE TABLE host(
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	fold       TEXT NOT NULL UNIQUE,
	kin        INTEGER NOT NULL,
	machine    INTEGER NOT NULL,
	aliases    TEXT NOT NULL DEFAULT '',
	events     INTEGER NOT NULL DEFAULT 0,
	first_ns   INTEGER,
	last_ns    INTEGER,
	risk_score REAL NOT NULL DEFAULT 0,
	findings   INTEGER NOT NULL DEFAULT 0,
	rules      INTEGER NOT NULL DEFAULT 0,
	techniques TEXT NOT NULL DEFAULT '',
	tactics    TEXT NOT NULL DEFAULT ''
);
INSERT INTO host VALUES(1,'WS-07.corp.example','ws-07.corp.example',1,1,'',1,1599998400000000000,1599998400000000000,25.0,1,1,'T1047:1','Execution');
INSERT INTO host VALUES(2,'WS-03','ws-03',2,2,'',1,1599998700000000000,1599998700000000000,0.0,0,0,'','');
CREATE TABLE host_name(
	host   INTEGER NOT NULL,
	name   TEXT NOT NULL,
	events INTEGER NOT NULL,
	PRIMARY KEY(host, name)
) WITHOUT ROWID;
INSERT INTO host_name VALUES(1,'WS-07.corp.example',1);
INSERT INTO host_name VALUES(2,'WS-03',1);
CREATE TABLE channel (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE);
INSERT INTO channel VALUES(1,'Microsoft-Windows-PowerShell/Operational');
INSERT INTO channel VALUES(2,'Security');
CREATE TABLE provider(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO provider VALUES(1,'Microsoft-Windows-PowerShell');
INSERT INTO provider VALUES(2,'Microsoft-Windows-Security-Auditing');
CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO account VALUES(1,'S-1-5-21-1-2-3-1001');
INSERT INTO account VALUES(2,'kim');
CREATE TABLE event(
	id       INTEGER PRIMARY KEY,
	ts       INTEGER NOT NULL,
	host     INTEGER NOT NULL,
	channel  INTEGER NOT NULL,
	provider INTEGER NOT NULL,
	code     INTEGER NOT NULL,
	account  INTEGER NOT NULL,
	flags    INTEGER NOT NULL,
	record   INTEGER NOT NULL,
	evidence INTEGER NOT NULL,
	offset   INTEGER NOT NULL,
	length   INTEGER NOT NULL
);
INSERT INTO event VALUES(1,1599998400000000000,1,1,1,4104,1,65536,7,1,0,477);
INSERT INTO event VALUES(2,1599998700000000000,2,2,2,4624,2,65536,8,1,478,295);
CREATE TABLE block(
	id   INTEGER PRIMARY KEY,
	n    INTEGER NOT NULL,
	data BLOB NOT NULL
);
INSERT INTO block VALUES(1,2,X'28b52ffd60d300a50a00f6944b34204bc50d000c000c000c006c657a24f649649b0808633b1c207ff3517a843f0848371c4f2455df609c65a4a5a3650a1ab2e76e013c0040003d00da04d0d18d33467e09f6c39ea35aff85b25cf97526917f7f9ec595a9fb7be9a62259ae2d63ed1f506f6b667febce5c58ae7d9f0203e92dc522a801c155e37b02d6386bf5e2889e08b002c5484ccfc242314909447480e023319ef73ad9c51c6ea0784bb1fc3ab39fcb346b6c36c544db45ed86cf1834dc2dd85ecd0112973e057ce759daf0102f630d32893e35013a7a71dd34bfe7c0408109841021315262a45432b3a427881eab5839225146a2aefbcdcccfc118d71cbcdd16b495e180981048aa039188bb75d7ed53e09d5df3a7fd2410c14752c88a3e358fb714f3c7c555eb9fb6569cf3d800092594314ab7bc72e9b2f20c006010222b02e1609136df00f300715922128191c70d28320734d3b4c7cc92b5330f');
CREATE TABLE sketch_segment(
	id     INTEGER PRIMARY KEY,
	kind   INTEGER NOT NULL,
	n      INTEGER NOT NULL,
	last   INTEGER NOT NULL,
	blocks BLOB NOT NULL
);
INSERT INTO sketch_segment VALUES(0,0,1,1,X'01');
CREATE TABLE sketch(
	id   INTEGER PRIMARY KEY,
	data BLOB NOT NULL
);
INSERT INTO sketch VALUES(12,X'28b52ffd60003f9500003000000100010003500200fb90df97bfbf0a');
INSERT INTO sketch VALUES(19,X'28b52ffd60003f7d000020000001000200fb17f078ff1f6001');
INSERT INTO sketch VALUES(20,X'28b52ffd60003f75000020000001000200fb1cf0785f05b0');
INSERT INTO sketch VALUES(136,X'28b52ffd60003f7d000020000001000200fb13f0787f3ec002');
INSERT INTO sketch VALUES(142,X'28b52ffd60003f9500003000000100010003500200fb8edfe7df9f1f');
INSERT INTO sketch VALUES(145,X'28b52ffd60003f7d000020000001000200fb11f078bf3ec002');
INSERT INTO sketch VALUES(148,X'28b52ffd60003f7d000020000001000200fb0ef0781f7a8005');
INSERT INTO sketch VALUES(200,X'28b52ffd60003f7d000020000001000200fb0cf0785f7a8005');
INSERT INTO sketch VALUES(206,X'28b52ffd60003f7d000020000001000200fb09f078bf7a8005');
INSERT INTO sketch VALUES(258,X'28b52ffd60003f7d000020000001000200fb0bf0787f7a8005');
INSERT INTO sketch VALUES(267,X'28b52ffd60003f7d000020000001000200fb14f0785f3ec002');
INSERT INTO sketch VALUES(273,X'28b52ffd60003f9500003001000100010003500200fb8ddfe7dfa71f');
INSERT INTO sketch VALUES(274,X'28b52ffd60003f7d000020000001000200fb0df0783f7a8005');
INSERT INTO sketch VALUES(278,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(279,X'28b52ffd60003f4d00001001000100fb9f0758');
INSERT INTO sketch VALUES(292,X'28b52ffd60003f7d000020000001000200fb09f078bf7a8005');
INSERT INTO sketch VALUES(339,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(452,X'28b52ffd60003f7d000020000001000200fb14f0785f3ec002');
INSERT INTO sketch VALUES(514,X'28b52ffd60003f7d000020000001000200fb0ef0781f7a8005');
INSERT INTO sketch VALUES(524,X'28b52ffd60003f7d000020000001000200fb0df0783f7a8005');
INSERT INTO sketch VALUES(525,X'28b52ffd60003f9500003000000100010003500200fb99df57edab02');
INSERT INTO sketch VALUES(526,X'28b52ffd60003f7d000020000001000200fb12f0789f3ec002');
INSERT INTO sketch VALUES(531,X'28b52ffd60003f9500003000000100010003500200fb87dfbfbfff1f');
INSERT INTO sketch VALUES(648,X'28b52ffd60003f7d000020000001000200fb13f0787f3ec002');
INSERT INTO sketch VALUES(715,X'28b52ffd60003f7d000020000001000200fb077abc7f788005');
INSERT INTO sketch VALUES(744,X'28b52ffd60003f7d000020000001000200fb11f078bf3ec002');
INSERT INTO sketch VALUES(772,X'28b52ffd60003f7d000020000001000200fb0b7abc3f788005');
INSERT INTO sketch VALUES(776,X'28b52ffd60003f75000020000001000200fb1df0785f0558');
INSERT INTO sketch VALUES(783,X'28b52ffd60003f9500003000000100010003500200fb8bdf87bf2f3f');
INSERT INTO sketch VALUES(786,X'28b52ffd60003f75000020000001000200fb1bf0787f05b0');
INSERT INTO sketch VALUES(832,X'28b52ffd60003f9500003000000100010003500200fb93df53fbf203');
INSERT INTO sketch VALUES(835,X'28b52ffd60003f7d000020000001000200fb11f078bf3ec002');
INSERT INTO sketch VALUES(836,X'28b52ffd60003f7d000020000001000200fb09f078bf7a8005');
INSERT INTO sketch VALUES(868,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(901,X'28b52ffd60003f7d000020000001000200fb0cf0785f7a8005');
INSERT INTO sketch VALUES(908,X'28b52ffd60003f7d000020000001000200fb10f078df3ec002');
INSERT INTO sketch VALUES(909,X'28b52ffd60003f7d000020010001000200fb0b7abc3f788005');
INSERT INTO sketch VALUES(911,X'28b52ffd60003f75000020000001000200fb1bf0787f05b0');
INSERT INTO sketch VALUES(913,X'28b52ffd60003f7d000020000001000200fb10f078df3ec002');
INSERT INTO sketch VALUES(914,X'28b52ffd60003f7d000020000001000200fb11f078bf3ec002');
INSERT INTO sketch VALUES(918,X'28b52ffd60003f9500003000000100010003500200fb8ddfafbfbf0a');
INSERT INTO sketch VALUES(964,X'28b52ffd60003f7d000020000001000200fb0ef0781f7a8005');
INSERT INTO sketch VALUES(971,X'28b52ffd60003f75000020000001000200fb1bf0787f05b0');
INSERT INTO sketch VALUES(974,X'28b52ffd60003f7d000020000001000200fb09f078bf7a8005');
INSERT INTO sketch VALUES(980,X'28b52ffd60003f7d000020000001000200fb0cf0785f7a8005');
INSERT INTO sketch VALUES(998,X'28b52ffd60003f75000020000001000200fb1bf0787f05b0');
INSERT INTO sketch VALUES(1088,X'28b52ffd60003f7d000020000001000200fb0cf0785f7a8005');
INSERT INTO sketch VALUES(1096,X'28b52ffd60003f7d000020000001000200fb0cf0785f7a8005');
INSERT INTO sketch VALUES(1101,X'28b52ffd60003f4d00001001000100fb9f0758');
INSERT INTO sketch VALUES(1102,X'28b52ffd60003f7d000020000001000200fb0df0783f7a8005');
INSERT INTO sketch VALUES(1103,X'28b52ffd60003f7d000020000001000200fb097abc5f788005');
INSERT INTO sketch VALUES(1106,X'28b52ffd60003f7d000020000001000200fb18f078df1f6001');
INSERT INTO sketch VALUES(1156,X'28b52ffd60003f9500003000000100010003500200fb8ddfbfbfaf06');
INSERT INTO sketch VALUES(1159,X'28b52ffd60003f75000020000001000200fb1bf0787f05b0');
INSERT INTO sketch VALUES(1160,X'28b52ffd60003f7d000020000001000200fb11f078bf3ec002');
INSERT INTO sketch VALUES(1166,X'28b52ffd60003f7d000020000001000200fb1af0789f1f6001');
INSERT INTO sketch VALUES(1170,X'28b52ffd60003f7d000020000001000200fb17f078ff1f6001');
INSERT INTO sketch VALUES(1189,X'28b52ffd60003fd50000500000010001000100010005500200fb84df53fbfffbaa7dfb01');
INSERT INTO sketch VALUES(1220,X'28b52ffd60003f7d000020000001000200fb0ef0781f7a8005');
INSERT INTO sketch VALUES(1224,X'28b52ffd60003f9500003000000100010003500200fb91df53fbf403');
INSERT INTO sketch VALUES(1240,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(1243,X'28b52ffd60003f7d000020000001000200fb03f0787f7b8005');
INSERT INTO sketch VALUES(1253,X'28b52ffd60003f7d000020000001000200fb09f078bf7a8005');
INSERT INTO sketch VALUES(1283,X'28b52ffd60003f7d000020000001000200fb17f078ff1f6001');
INSERT INTO sketch VALUES(1297,X'28b52ffd60003f7d000020000001000200fb17f078ff1f6001');
INSERT INTO sketch VALUES(1299,X'28b52ffd60003f75000020000001000200fb1bf0787f05b0');
INSERT INTO sketch VALUES(1412,X'28b52ffd60003f7d000020000001000200fb0ef0781f7a8005');
INSERT INTO sketch VALUES(1416,X'28b52ffd60003f7d000020000001000200fb12f0789f3ec002');
INSERT INTO sketch VALUES(1426,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(1445,X'28b52ffd60003f75000020000001000200fb1df0785f0558');
INSERT INTO sketch VALUES(1472,X'28b52ffd60003f7d000020000001000200fb13f0787f3ec002');
INSERT INTO sketch VALUES(1573,X'28b52ffd60003f4d00001001000100fb9f0758');
INSERT INTO sketch VALUES(1690,X'28b52ffd60003fed00006000000100010001000100010006500200fbd5efaff6e5efa93db58f7d');
INSERT INTO sketch VALUES(1692,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(1695,X'28b52ffd60003f7d000020000001000200fb057abc9f788005');
INSERT INTO sketch VALUES(1697,X'28b52ffd60003f7d000020000001000200fb097abc5f788005');
INSERT INTO sketch VALUES(1699,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(1701,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(1702,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(1706,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(1754,X'28b52ffd60003f9500003000000100010003500200fb81df5fed671f');
INSERT INTO sketch VALUES(1756,X'28b52ffd60003f7d000020000001000200fb057abc9f788005');
INSERT INTO sketch VALUES(1757,X'28b52ffd60003f7d000020000001000200fb0cf0785f7a8005');
INSERT INTO sketch VALUES(1765,X'28b52ffd60003fb5000040000001000100010004500200fb80df57eda97ded03');
INSERT INTO sketch VALUES(1818,X'28b52ffd60003f9500003000000100010003500200fbdaefc3dfdf3e');
INSERT INTO sketch VALUES(1819,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(1829,X'28b52ffd60003f7d000020000001000200fb02f0789f7b8005');
INSERT INTO sketch VALUES(1834,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(1875,X'28b52ffd60003f7d000020000001000200fb04f0785f7b8005');
INSERT INTO sketch VALUES(1893,X'28b52ffd60003f7d000020000001000200fb04f0785f7b8005');
INSERT INTO sketch VALUES(1947,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(1952,X'28b52ffd60003f7d000020000001000200fb03f0787f7b8005');
INSERT INTO sketch VALUES(2021,X'28b52ffd60003f7d000020000001000200fb03f0787f7b8005');
INSERT INTO sketch VALUES(2026,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(2076,X'28b52ffd60003f7d000020000001000200fb01f078bf7b8005');
INSERT INTO sketch VALUES(2150,X'28b52ffd60003f75000020000001000200fb1df0785f0558');
INSERT INTO sketch VALUES(2277,X'28b52ffd60003f7d000020000001000200fb04f0785f7b8005');
INSERT INTO sketch VALUES(2326,X'28b52ffd60003f7d000020000001000200fb0df0783f7a8005');
INSERT INTO sketch VALUES(2341,X'28b52ffd60003f75000020000001000200fb1df0785f0558');
INSERT INTO sketch VALUES(2368,X'28b52ffd60003f7d000020000001000200fb0bf0787f7a8005');
INSERT INTO sketch VALUES(2370,X'28b52ffd60003f9500003000000100010003500200fb91dfefdfff0f');
INSERT INTO sketch VALUES(2383,X'28b52ffd60003f7d000020000001000200fb11f078bf3ec002');
INSERT INTO sketch VALUES(2386,X'28b52ffd60003f75000020000001000200fb1bf0787f05b0');
INSERT INTO sketch VALUES(2390,X'28b52ffd60003f7d000020000001000200fb17f078ff1f6001');
INSERT INTO sketch VALUES(2394,X'28b52ffd60003fb5000040000001000100010004500200fbdcefabfbab7dee03');
INSERT INTO sketch VALUES(2395,X'28b52ffd60003fb5000040000001000100010004500200fbdaefffefabf6b30f');
INSERT INTO sketch VALUES(2396,X'28b52ffd60003f9500003000000100010003500200fbdaefc7dfd73e');
INSERT INTO sketch VALUES(2397,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(2399,X'28b52ffd60003f7d000020000001000200fb0a7abc4f788005');
INSERT INTO sketch VALUES(2434,X'28b52ffd60003f7d000020000001000200fb11f078bf3ec002');
INSERT INTO sketch VALUES(2436,X'28b52ffd60003f7d000020000001000200fb08f078df7a8005');
INSERT INTO sketch VALUES(2458,X'28b52ffd60003f7d000020000001000200fb05f0783f7b8005');
INSERT INTO sketch VALUES(2574,X'28b52ffd60003f7d000020000001000200fb10f078df3ec002');
INSERT INTO sketch VALUES(2714,X'28b52ffd60003f9500003000000100010003500200fb80dfe7dfcf3e');
CREATE TABLE event_source(
	event    INTEGER NOT NULL,
	evidence INTEGER NOT NULL,
	offset   INTEGER NOT NULL,
	length   INTEGER NOT NULL,
	PRIMARY KEY(event, evidence, offset)
) WITHOUT ROWID;
CREATE TABLE lot(
	first   INTEGER NOT NULL,
	kin     INTEGER NOT NULL,
	channel INTEGER NOT NULL,
	kind    INTEGER NOT NULL,
	last    INTEGER NOT NULL,
	low     INTEGER NOT NULL,
	high    INTEGER NOT NULL,
	PRIMARY KEY(first, kin, channel, kind)
) WITHOUT ROWID;
INSERT INTO lot VALUES(1,1,1,0,2,7,7);
INSERT INTO lot VALUES(1,2,2,0,2,8,8);
CREATE TABLE script_block(
	id       INTEGER PRIMARY KEY,
	kin      INTEGER NOT NULL,
	channel  INTEGER NOT NULL,
	block_id TEXT NOT NULL,
	pid      TEXT NOT NULL,
	total    INTEGER NOT NULL,
	dirty    INTEGER NOT NULL,
	UNIQUE(block_id, kin, channel, pid, total)
);
CREATE TABLE script_part(
	block  INTEGER NOT NULL,
	number INTEGER NOT NULL,
	event  INTEGER NOT NULL,
	PRIMARY KEY(block, number, event)
) WITHOUT ROWID;
CREATE TABLE activity(
	host INTEGER NOT NULL,
	hour INTEGER NOT NULL,
	n    INTEGER NOT NULL,
	PRIMARY KEY(host, hour)
) WITHOUT ROWID;
INSERT INTO activity VALUES(1,444444,1);
INSERT INTO activity VALUES(2,444444,1);
CREATE TABLE kind(
	host     INTEGER NOT NULL,
	channel  INTEGER NOT NULL,
	code     INTEGER NOT NULL,
	provider INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	PRIMARY KEY(host, channel, code, provider)
) WITHOUT ROWID;
INSERT INTO kind VALUES(1,1,4104,1,1);
INSERT INTO kind VALUES(2,2,4624,2,1);
CREATE TABLE field(name TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO field VALUES('Channel');
INSERT INTO field VALUES('Computer');
INSERT INTO field VALUES('EventID');
INSERT INTO field VALUES('EventRecordID');
INSERT INTO field VALUES('LogonType');
INSERT INTO field VALUES('MessageNumber');
INSERT INTO field VALUES('MessageTotal');
INSERT INTO field VALUES('Name');
INSERT INTO field VALUES('Path');
INSERT INTO field VALUES('ScriptBlockId');
INSERT INTO field VALUES('ScriptBlockText');
INSERT INTO field VALUES('SystemTime');
INSERT INTO field VALUES('TargetUserName');
INSERT INTO field VALUES('UserID');
CREATE TABLE rule(
	id      INTEGER PRIMARY KEY,
	rule_id TEXT NOT NULL UNIQUE
);
INSERT INTO rule VALUES(1,'651ee958-a433-471c-b264-39725b788b83');
INSERT INTO rule VALUES(2,'0734bd21-2769-4972-a5f1-78bb1e011224');
INSERT INTO rule VALUES(3,'7d4c618e-4716-11ec-951c-3e22fbd008af');
INSERT INTO rule VALUES(4,'112638b4-4634-11ec-b9ab-3e22fbd008af');
INSERT INTO rule VALUES(5,'2a048c14-4634-11ec-a618-3e22fbd008af');
CREATE TABLE hit(
	rule  INTEGER NOT NULL,
	leaf  INTEGER NOT NULL,
	ts    INTEGER NOT NULL,
	event INTEGER NOT NULL,
	PRIMARY KEY(rule, leaf, ts, event)
) WITHOUT ROWID;
INSERT INTO hit VALUES(1,0,1599998400000000000,1);
CREATE TABLE finding(
	id            INTEGER PRIMARY KEY,
	rule_id       TEXT NOT NULL,
	rule          TEXT NOT NULL,
	type          TEXT,
	first_ns      INTEGER NOT NULL,
	last_ns       INTEGER NOT NULL,
	host          TEXT,
	host_ref      INTEGER,
	user          TEXT,
	user_key      TEXT,
	message       TEXT,
	techniques    TEXT,
	tactics       TEXT,
	risk_score    REAL NOT NULL,
	count         INTEGER NOT NULL,
	events_capped INTEGER NOT NULL,
	stories       TEXT,
	remarks       TEXT
);
INSERT INTO finding VALUES(1,'651ee958-a433-471c-b264-39725b788b83','PowerShell Invoke CIMMethod CIMSession','Anomaly',1599998400000000000,1599998400000000000,'WS-07.corp.example',1,NULL,NULL,'PowerShell was identified running a Invoke-CIMMethod Invoke-CIMSession on WS-07.corp.example.','T1047','Execution',25.0,1,0,replace('Malicious PowerShell\nActive Directory Lateral Movement','\n',char(10)),NULL);
CREATE TABLE finding_field(
	finding INTEGER NOT NULL,
	n       INTEGER NOT NULL,
	name    TEXT NOT NULL,
	value   TEXT,
	PRIMARY KEY(finding, n)
) WITHOUT ROWID;
INSERT INTO finding_field VALUES(1,0,'Computer','WS-07.corp.example');
INSERT INTO finding_field VALUES(1,1,'EventCode','4104');
INSERT INTO finding_field VALUES(1,2,'ScriptBlockText','New-CimSession -ComputerName WS-03');
INSERT INTO finding_field VALUES(1,3,'count','1');
INSERT INTO finding_field VALUES(1,4,'firstTime','2020-09-13T12:00:00');
INSERT INTO finding_field VALUES(1,5,'lastTime','2020-09-13T12:00:00');
CREATE TABLE finding_threat(
	finding INTEGER NOT NULL,
	n       INTEGER NOT NULL,
	value   TEXT,
	type    TEXT,
	PRIMARY KEY(finding, n)
) WITHOUT ROWID;
CREATE TABLE finding_event(
	event   INTEGER NOT NULL,
	finding INTEGER NOT NULL,
	PRIMARY KEY(event, finding)
) WITHOUT ROWID;
INSERT INTO finding_event VALUES(1,1);
CREATE TABLE risk_event(
	id         INTEGER PRIMARY KEY,
	finding    INTEGER NOT NULL,
	ts         INTEGER NOT NULL,
	value      TEXT NOT NULL,
	normalized TEXT NOT NULL,
	type       INTEGER NOT NULL,
	score      REAL NOT NULL,
	message    TEXT,
	host_ref   INTEGER
);
INSERT INTO risk_event VALUES(4096,1,1599998400000000000,'WS-07.corp.example','ws-07.corp.example',0,25.0,'PowerShell was identified running a Invoke-CIMMethod Invoke-CIMSession on WS-07.corp.example.',1);
CREATE TABLE user_risk(
	user       TEXT PRIMARY KEY,
	risk_score REAL NOT NULL,
	findings   INTEGER NOT NULL,
	rules      INTEGER NOT NULL,
	hosts      INTEGER NOT NULL,
	techniques TEXT NOT NULL,
	first_ns   INTEGER,
	last_ns    INTEGER,
	aliases    TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE user_name(
	name     TEXT NOT NULL COLLATE NOCASE,
	user     TEXT NOT NULL,
	host_ref INTEGER NOT NULL,
	PRIMARY KEY(name, user)
) WITHOUT ROWID;
CREATE TABLE rule_ledger(
	rule_id  TEXT PRIMARY KEY,
	rule     TEXT NOT NULL,
	source   TEXT,
	status   INTEGER NOT NULL,
	hits     INTEGER NOT NULL,
	findings INTEGER NOT NULL,
	filtered INTEGER NOT NULL,
	reason   TEXT
) WITHOUT ROWID;
INSERT INTO rule_ledger VALUES('0734bd21-2769-4972-a5f1-78bb1e011224','PowerShell Invoke WmiExec Usage','/usr/share/auger/rules/detections/powershell_invoke_wmiexec_usage.yml',1,0,0,0,'no event satisfies its search');
INSERT INTO rule_ledger VALUES('112638b4-4634-11ec-b9ab-3e22fbd008af','Remote Process Instantiation via WMI and PowerShell','/usr/share/auger/rules/detections/remote_process_instantiation_via_wmi_and_powershell.yml',2,0,0,0,'no event 1 or 4688 of Microsoft-Windows-Sysmon/Operational or Security or CrowdStrike in this case, though one of these logs is there: it did not happen, or was not recorded; to record it install Sysmon or audit process creation, with command lines');
INSERT INTO rule_ledger VALUES('2a048c14-4634-11ec-a618-3e22fbd008af','Remote Process Instantiation via WMI and PowerShell Script Block','/usr/share/auger/rules/detections/remote_process_instantiation_via_wmi_and_powershell_script_block.yml',1,0,0,0,'no event satisfies its search');
INSERT INTO rule_ledger VALUES('651ee958-a433-471c-b264-39725b788b83','PowerShell Invoke CIMMethod CIMSession','/usr/share/auger/rules/detections/powershell_invoke_cimmethod_cimsession.yml',0,1,1,0,NULL);
INSERT INTO rule_ledger VALUES('7d4c618e-4716-11ec-951c-3e22fbd008af','Remote Process Instantiation via WinRM and PowerShell Script Block','/usr/share/auger/rules/detections/remote_process_instantiation_via_winrm_and_powershell_script_block.yml',1,0,0,0,'no event satisfies its search');
CREATE TABLE work(
	id      INTEGER PRIMARY KEY,
	key     TEXT NOT NULL UNIQUE,
	verdict TEXT,
	note    TEXT
);
INSERT INTO work VALUES(1,'e63714450abab6a52416925901dafaa0805db934fd959c6d24ba55339d5e47e8','true positive','seen with Kim');
CREATE TABLE macro(
	name       TEXT PRIMARY KEY,
	definition TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO macro VALUES('powershell_invoke_cimmethod_cimsession_filter','search host!=WS-99');
CREATE INDEX evidence_by_content ON evidence_file(sha256, size);
CREATE INDEX host_by_kin ON host(kin);
CREATE INDEX host_by_machine ON host(machine);
CREATE INDEX script_block_dirty ON script_block(id) WHERE dirty;
CREATE INDEX script_part_by_event ON script_part(event);
CREATE INDEX hit_by_event ON hit(event);
CREATE INDEX finding_by_time ON finding(last_ns, id);
CREATE INDEX finding_by_rule ON finding(rule_id);
CREATE INDEX finding_event_by_finding ON finding_event(finding);
CREATE INDEX risk_event_by_time ON risk_event(ts, id);
CREATE INDEX risk_event_by_object ON risk_event(type, normalized);
CREATE INDEX risk_event_by_host ON risk_event(host_ref, ts);
CREATE INDEX risk_event_by_finding ON risk_event(finding);
CREATE INDEX user_name_by_user ON user_name(user);
CREATE VIEW events AS
SELECT e.id AS event_id,
       CASE WHEN e.ts <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (e.ts - ((e.ts % 1000000000) + 1000000000) % 1000000000)
           / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((e.ts % 1000000000) + 1000000000) % 1000000000 / 1000) END AS time,
       nullif(e.ts, -9223372036854775808) AS time_ns,
       h.name AS host, c.name AS channel, p.name AS provider, e.code AS event_code,
       CASE WHEN e.flags & 65536 THEN e.record END AS record_id,
       a.name AS user, f.path AS evidence, e.offset AS offset, e.length AS length
FROM event e
LEFT JOIN host h ON h.id = e.host
LEFT JOIN channel c ON c.id = e.channel
LEFT JOIN provider p ON p.id = e.provider
LEFT JOIN account a ON a.id = e.account
LEFT JOIN evidence_file f ON f.id = e.evidence;
CREATE VIEW sources AS
SELECT x.event AS event_id, p.path AS evidence, x.offset AS offset, x.length AS length
FROM (SELECT id AS event, evidence, offset, length FROM event
      UNION ALL SELECT event, evidence, offset, length FROM event_source) x
JOIN (SELECT id, path FROM evidence_file
      UNION ALL SELECT evidence, path FROM evidence_copy) p ON p.id = x.evidence;
CREATE VIEW hits AS
SELECT r.rule_id AS rule_id, t.leaf AS leaf, t.event AS event_id,
       nullif(t.ts, -9223372036854775808) AS time_ns
FROM hit t JOIN rule r ON r.id = t.rule;
CREATE VIEW findings AS
SELECT f.id AS finding_id,
       CASE WHEN f.first_ns <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (f.first_ns - ((f.first_ns % 1000000000) + 1000000000)
           % 1000000000) / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((f.first_ns % 1000000000) + 1000000000) % 1000000000 / 1000)
       END AS first_time,
       CASE WHEN f.last_ns <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (f.last_ns - ((f.last_ns % 1000000000) + 1000000000)
           % 1000000000) / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((f.last_ns % 1000000000) + 1000000000) % 1000000000 / 1000)
       END AS last_time,
       f.host AS host, f.user AS user, f.rule AS rule, f.rule_id AS rule_id, f.type AS type,
       f.techniques AS technique, f.tactics AS tactic, f.risk_score AS risk_score,
       r.value AS risk_object,
       CASE r.type WHEN 0 THEN 'system' WHEN 1 THEN 'user' WHEN 2 THEN 'other' END
         AS risk_object_type,
       f.message AS message, f.count AS count, coalesce(w.verdict, 'open') AS verdict,
       w.note AS note, w.key AS key
FROM finding f
LEFT JOIN risk_event r ON r.id = f.id * 4096
LEFT JOIN work w ON w.id = f.id;
CREATE VIEW hosts AS
SELECT h.name AS host, h.risk_score AS risk_score, h.findings AS findings, h.rules AS rules,
       h.techniques AS techniques, h.tactics AS tactics, sum(n.events) AS events,
       strftime('%Y-%m-%dT%H:%M:%SZ', min(n.first_ns) / 1000000000, 'unixepoch') AS first_time,
       strftime('%Y-%m-%dT%H:%M:%SZ', max(n.last_ns) / 1000000000, 'unixepoch') AS last_time,
       h.aliases AS aliases
FROM host h JOIN host n ON n.machine = h.id
GROUP BY h.id HAVING sum(n.events) > 0 OR h.findings > 0 ORDER BY h.risk_score DESC, h.name;
CREATE VIEW users AS
SELECT user, risk_score, findings, rules, hosts, techniques,
       strftime('%Y-%m-%dT%H:%M:%SZ', first_ns / 1000000000, 'unixepoch') AS first_time,
       strftime('%Y-%m-%dT%H:%M:%SZ', last_ns / 1000000000, 'unixepoch') AS last_time,
       aliases
FROM user_risk ORDER BY risk_score DESC, user;
CREATE VIEW risk_events AS
SELECT CASE WHEN r.ts <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (r.ts - ((r.ts % 1000000000) + 1000000000) % 1000000000)
           / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((r.ts % 1000000000) + 1000000000) % 1000000000 / 1000) END AS time,
       r.value AS risk_object,
       CASE r.type WHEN 0 THEN 'system' WHEN 1 THEN 'user' ELSE 'other' END AS risk_object_type,
       r.score AS risk_score, f.rule AS rule, f.rule_id AS rule_id, r.message AS message,
       f.techniques AS technique, f.tactics AS tactic, f.stories AS stories,
       r.finding AS finding_id
FROM risk_event r JOIN finding f ON f.id = r.finding;
CREATE VIEW evidence AS
SELECT id AS evidence_id, path, size, sha256, format, events, gaps, status, duplicates
FROM evidence_file;
CREATE VIEW copies AS
SELECT evidence AS evidence_id, path FROM evidence_copy;
CREATE VIEW gaps AS
SELECT f.path AS evidence, g.offset AS offset, g.length AS length,
       g.records_lost AS records_lost, g.reason AS reason
FROM gap g JOIN evidence_file f ON f.id = g.evidence;
CREATE VIEW ledger AS
SELECT rule_id, rule, source,
       CASE status WHEN 0 THEN 'found' WHEN 1 THEN 'nothing found' WHEN 2 THEN 'no data'
         WHEN 3 THEN 'unsupported' ELSE 'failed' END AS status,
       hits, findings, reason, filtered
FROM rule_ledger;
CREATE VIEW notes AS
SELECT w.id AS finding_id, coalesce(w.verdict, 'open') AS verdict, w.note AS note, w.key AS key
FROM work w WHERE w.verdict IS NOT NULL OR w.note IS NOT NULL;
CREATE INDEX event_by_time ON event(ts);
CREATE INDEX event_by_host ON event(host, ts);
CREATE INDEX event_by_code ON event(code, ts);
COMMIT;
