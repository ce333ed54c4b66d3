-- A case with schema version 5, as auger made it of one of version 4: two events, a finding with a verdict, a note, a
-- bookmark, a filter.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE setting(
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) WITHOUT ROWID;
INSERT INTO setting VALUES('case.made_at',X'323032362d31312d32315432313a30353a35362e3030303030305a');
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
INSERT INTO event VALUES(1,1599998400000000000,1,1,1,4104,1,677576704,7,1,0,477);
INSERT INTO event VALUES(2,1599998700000000000,2,2,2,4624,2,676003840,8,1,478,295);
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
	blocks BLOB NOT NULL,
	words  INTEGER NOT NULL DEFAULT 32
);
INSERT INTO sketch_segment VALUES(0,0,1,1,X'01',1);
CREATE TABLE sketch(
	id   INTEGER PRIMARY KEY,
	data BLOB NOT NULL
);
INSERT INTO sketch VALUES(0,X'28b52ffd60003fcd0000500000010001000100010005500200e3d74fabc3f567dac03e');
INSERT INTO sketch VALUES(4,X'28b52ffd60003fed0000600000010001000100010001000650020073d74ff88ff77ff6e76f411f');
INSERT INTO sketch VALUES(6,X'28b52ffd60003f95000030000001000100035002004b839fa03f097d');
INSERT INTO sketch VALUES(8,X'28b52ffd60003f4501009000000100010001000100010001000100010009500200fbd14fa949f8fbea67a4a3f367a3dfe40f');
INSERT INTO sketch VALUES(9,X'28b52ffd60003f7d0000200000010002004b17f078153ec002');
INSERT INTO sketch VALUES(10,X'28b52ffd60003f7d000020000001000200d3087a3c72788005');
INSERT INTO sketch VALUES(14,X'28b52ffd60003f7d000020000001000200a317f0780a3ec002');
INSERT INTO sketch VALUES(16,X'28b52ffd60003f2501008000000100010001000100010001000100085002003bd9ef743afe8c4a195407a81fe40f');
INSERT INTO sketch VALUES(20,X'28b52ffd60003f7d0000200000010002009b0ff0780b7a8005');
INSERT INTO sketch VALUES(22,X'28b52ffd60003f7d000020000001000200bb08f078e77a8005');
INSERT INTO sketch VALUES(23,X'28b52ffd60003f7d0000200000010002008b0ff0780d7a8005');
INSERT INTO sketch VALUES(24,X'28b52ffd60003fed00006000000100010001000100010006500200dbdbeff50f3a647fdd7f237e');
INSERT INTO sketch VALUES(26,X'28b52ffd60003fc500005000000100010001000100055002004b97df512df8b19902');
INSERT INTO sketch VALUES(27,X'28b52ffd60003f7d000020000001000200d316f078243ec002');
INSERT INTO sketch VALUES(28,X'28b52ffd60003f6d0100a000000100010001000100010001000100010001000a5002006bd3af74f57f5e9de2df576da883ea76fd49f901');
INSERT INTO sketch VALUES(30,X'28b52ffd60003fd5000050000001000100010001000550020063d78fcf5ff49fac3f083f');
INSERT INTO sketch VALUES(31,X'28b52ffd60003f7d000020000001000200db13f078833ec002');
INSERT INTO sketch VALUES(34,X'28b52ffd60003f0d010070000001000100010001000100010007500200c3db0ff46faa165563f1f7ef4fa8');
INSERT INTO sketch VALUES(36,X'28b52ffd60003f0d010070000001000100010001000100010007500200bbdb4fc09f9dbfa45aecdfe902fc');
INSERT INTO sketch VALUES(37,X'28b52ffd60003fbd0000500000010001000100010005500200239563939439f901');
INSERT INTO sketch VALUES(38,X'28b52ffd60003fed000060000001000100010001000100065002001bf167fb6701c7b6ff07e107');
INSERT INTO sketch VALUES(39,X'28b52ffd60003f7d0000200000010002004b15f078553ec002');
INSERT INTO sketch VALUES(40,X'28b52ffd60003fb5000040000001000100010004500200dbd96faff6b7dff10f');
INSERT INTO sketch VALUES(44,X'28b52ffd60003fb5000040000001000100010004500200d3daef52bffd3f083f');
INSERT INTO sketch VALUES(45,X'28b52ffd60003f7d000020000001000200eb15f078413ec002');
INSERT INTO sketch VALUES(46,X'28b52ffd60003f750000200000010002009b1ff078278005');
INSERT INTO sketch VALUES(49,X'28b52ffd60003f7d000020000001000200fb15f0783f3ec002');
INSERT INTO sketch VALUES(52,X'28b52ffd60003f0d01008000000100010001000100010001000100085002002b6acf7f6f25ce1cc330e503');
INSERT INTO sketch VALUES(53,X'28b52ffd60003fed000060000001000100010001000100065002002b8bdfffdf574757f3ab9555');
INSERT INTO sketch VALUES(54,X'28b52ffd60003fc5000050000001000100010001000550020063fd43ea16bfb84cf9');
INSERT INTO sketch VALUES(55,X'28b52ffd60003f9d000040000001000100010004500200039557c3b4fc');
INSERT INTO sketch VALUES(56,X'28b52ffd60003fad000040000001000100010004500200d3f0f7d541b7291f');
INSERT INTO sketch VALUES(57,X'28b52ffd60003f95000030000001000100035002002b8b1f8f3f2e3f');
INSERT INTO sketch VALUES(58,X'28b52ffd60003f7d00002000000100020023097a3c6d788005');
INSERT INTO sketch VALUES(59,X'28b52ffd60003f7d0000200000010002002315f0785a3ec002');
INSERT INTO sketch VALUES(60,X'28b52ffd60003f7d0000200000010002002b013e5eb63cc002');
INSERT INTO sketch VALUES(61,X'28b52ffd60003f750000200000010002001b1ff0784b012c');
INSERT INTO sketch VALUES(63,X'28b52ffd60003f95000030000001000100035002002b8b5f8fbf2d3f');
INSERT INTO sketch VALUES(64,X'28b52ffd60003f7d0000200000010002000b831faf631e6001');
INSERT INTO sketch VALUES(67,X'28b52ffd60003f7d000020000001000200eb13f078813ec002');
INSERT INTO sketch VALUES(71,X'28b52ffd60003f7d0000200000010002002315f0785a3ec002');
INSERT INTO sketch VALUES(72,X'28b52ffd60003f7d0000200000010002006b037abcc8788005');
INSERT INTO sketch VALUES(73,X'28b52ffd60003f7d000020000001000200eb15f078413ec002');
INSERT INTO sketch VALUES(74,X'28b52ffd60003f1d020024020000010001000100010001000100010001000100010001000100010001000100010011500200536a7fb5af2ebaaa4e526655591c85bf017fb57f3ffbcdcdd5860a');
INSERT INTO sketch VALUES(76,X'28b52ffd60003fb50000400000010001000100045002002bf327183fc4bfc61f');
INSERT INTO sketch VALUES(80,X'28b52ffd60003f7d0000200000010002008303f0788e7b8005');
INSERT INTO sketch VALUES(84,X'28b52ffd60003f8d0000300000010001000350020003f33fcb940f');
CREATE TABLE event_changed(
	event INTEGER PRIMARY KEY
);
CREATE TABLE block_changed(
	id INTEGER PRIMARY KEY
);
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
CREATE TABLE predicate(
	id  INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE
);
INSERT INTO predicate VALUES(1,'9986b092ad98eb0c17dd0719e724f0805d67bc5e1493af5e1b07bb973e88a0b5');
INSERT INTO predicate VALUES(2,'962665b68c1c40d9fcdec79a96119995b6d5dc66025ee69b06f54414ac691421');
INSERT INTO predicate VALUES(3,'e0b4c26364c59b6e0e6e38b8827fef3269ec47add65101eb915d55bbd17ff5b2');
INSERT INTO predicate VALUES(4,'0a127a328d84447ef80bb2a0c154a4c004277cfa0d104f70573e729ad6325b29');
INSERT INTO predicate VALUES(5,'5a0867aaa1bfdeab6b7cd870af70e64beda002c19bf100293b9edd6ea575f6ab');
CREATE TABLE rule_predicate(
	rule      INTEGER NOT NULL,
	leaf      INTEGER NOT NULL,
	predicate INTEGER NOT NULL,
	PRIMARY KEY(rule, leaf)
) WITHOUT ROWID;
INSERT INTO rule_predicate VALUES(1,0,1);
INSERT INTO rule_predicate VALUES(2,0,2);
INSERT INTO rule_predicate VALUES(3,0,3);
INSERT INTO rule_predicate VALUES(4,0,4);
INSERT INTO rule_predicate VALUES(5,0,5);
CREATE TABLE hit(
	event     INTEGER NOT NULL,
	predicate INTEGER NOT NULL,
	PRIMARY KEY(event, predicate)
) WITHOUT ROWID;
INSERT INTO hit VALUES(1,1);
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
, what TEXT);
INSERT INTO finding VALUES(1,'651ee958-a433-471c-b264-39725b788b83','PowerShell Invoke CIMMethod CIMSession','Anomaly',1599998400000000000,1599998400000000000,'WS-07.corp.example',1,NULL,NULL,'PowerShell was identified running a Invoke-CIMMethod Invoke-CIMSession on WS-07.corp.example.','T1047','Execution',25.0,1,0,replace('Malicious PowerShell\nActive Directory Lateral Movement','\n',char(10)),NULL,NULL);
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
	reason   TEXT,
	version  TEXT,
	sha256   TEXT
, fingerprint TEXT, clock_ns INTEGER) WITHOUT ROWID;
INSERT INTO rule_ledger VALUES('0734bd21-2769-4972-a5f1-78bb1e011224','PowerShell Invoke WmiExec Usage','/usr/local/share/auger/rules/detections/powershell_invoke_wmiexec_usage.yml',1,0,0,0,'no event satisfies its search','12','322b0597e1f0ad4efdb5fa40fba70bde24c4eea382e40942e86d646a4cab82c5',NULL,NULL);
INSERT INTO rule_ledger VALUES('112638b4-4634-11ec-b9ab-3e22fbd008af','Remote Process Instantiation via WMI and PowerShell','/usr/local/share/auger/rules/detections/remote_process_instantiation_via_wmi_and_powershell.yml',2,0,0,0,'no event 1 or 4688 of Microsoft-Windows-Sysmon/Operational or Security or CrowdStrike in this case, though one of these logs is there: it did not happen, or was not recorded; to record it install Sysmon or audit process creation, with command lines','4','c4a9397b4b744b057253dfdb2c8965b45beeff74d84a0440559f0f978670e457',NULL,NULL);
INSERT INTO rule_ledger VALUES('2a048c14-4634-11ec-a618-3e22fbd008af','Remote Process Instantiation via WMI and PowerShell Script Block','/usr/local/share/auger/rules/detections/remote_process_instantiation_via_wmi_and_powershell_script_block.yml',1,0,0,0,'no event satisfies its search','1','56d6f6dc1cc618f223dc86daab4df1d8ccf8a301902161c9d6a85edab3d8b199',NULL,NULL);
INSERT INTO rule_ledger VALUES('651ee958-a433-471c-b264-39725b788b83','PowerShell Invoke CIMMethod CIMSession','/usr/local/share/auger/rules/detections/powershell_invoke_cimmethod_cimsession.yml',0,1,1,0,NULL,'1','40698edfb0b49f44b99da540c40cf89d2d396cc0c9f97f60ef8c6311e408785a',NULL,NULL);
INSERT INTO rule_ledger VALUES('7d4c618e-4716-11ec-951c-3e22fbd008af','Remote Process Instantiation via WinRM and PowerShell Script Block','/usr/local/share/auger/rules/detections/remote_process_instantiation_via_winrm_and_powershell_script_block.yml',1,0,0,0,'no event satisfies its search','3','5220833901e745a5ee7e9dcee14abee0edc3c4bbca79691f271e0d17391f6fbd',NULL,NULL);
CREATE TABLE work(
	id       INTEGER PRIMARY KEY,
	key      TEXT NOT NULL UNIQUE,
	verdict  TEXT,
	note     TEXT,
	bookmark INTEGER NOT NULL DEFAULT 0
, event INTEGER);
INSERT INTO work VALUES(1,'e63714450abab6a52416925901dafaa0805db934fd959c6d24ba55339d5e47e8','true positive','seen with Kim',1,NULL);
CREATE TABLE work_log(
	id      INTEGER PRIMARY KEY,
	work    INTEGER NOT NULL,
	kind    INTEGER NOT NULL,
	value   TEXT NOT NULL,
	author  TEXT NOT NULL,
	time_ns INTEGER NOT NULL,
	current INTEGER NOT NULL,
	UNIQUE(work, kind, author, time_ns, value)
);
INSERT INTO work_log VALUES(1,1,0,'true positive','kim@lab',1795295156931869494,1);
INSERT INTO work_log VALUES(2,1,1,'seen with Kim','kim@lab',1795295156932078936,1);
INSERT INTO work_log VALUES(3,1,2,'yes','kim@lab',1795295185968561530,1);
CREATE TABLE macro(
	name       TEXT PRIMARY KEY,
	definition TEXT NOT NULL,
	rule_id    TEXT NOT NULL DEFAULT '',
	off        INTEGER NOT NULL DEFAULT 0,
	author     TEXT NOT NULL DEFAULT '',
	time_ns    INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO macro VALUES('powershell_invoke_cimmethod_cimsession_filter','search Computer!=WS-99','651ee958-a433-471c-b264-39725b788b83',0,'kim@lab',1795295185891828166);
CREATE TABLE macro_log(
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	definition TEXT NOT NULL,
	rule_id    TEXT NOT NULL,
	off        INTEGER NOT NULL,
	author     TEXT NOT NULL,
	time_ns    INTEGER NOT NULL
);
INSERT INTO macro_log VALUES(1,'powershell_invoke_cimmethod_cimsession_filter','search Computer!=WS-99','651ee958-a433-471c-b264-39725b788b83',0,'kim@lab',1795295185891828166);
CREATE TABLE hidden(
	work       INTEGER PRIMARY KEY,
	rule_id    TEXT NOT NULL,
	rule       TEXT NOT NULL,
	last_ns    INTEGER NOT NULL,
	host       TEXT,
	user       TEXT,
	message    TEXT,
	risk_score REAL NOT NULL
);
CREATE TABLE predicate_changed(
	predicate INTEGER PRIMARY KEY
);
CREATE INDEX evidence_by_content ON evidence_file(sha256, size);
CREATE INDEX host_by_kin ON host(kin);
CREATE INDEX host_by_machine ON host(machine);
CREATE INDEX script_block_dirty ON script_block(id) WHERE dirty;
CREATE INDEX script_part_by_event ON script_part(event);
CREATE INDEX rule_predicate_by_predicate ON rule_predicate(predicate);
CREATE INDEX hit_by_predicate ON hit(predicate, event);
CREATE INDEX finding_by_time ON finding(last_ns, id);
CREATE INDEX finding_by_rule ON finding(rule_id);
CREATE INDEX finding_event_by_finding ON finding_event(finding);
CREATE INDEX risk_event_by_time ON risk_event(ts, id);
CREATE INDEX risk_event_by_object ON risk_event(type, normalized);
CREATE INDEX risk_event_by_host ON risk_event(host_ref, ts);
CREATE INDEX risk_event_by_finding ON risk_event(finding);
CREATE INDEX user_name_by_user ON user_name(user);
CREATE INDEX hidden_by_rule ON hidden(rule_id);
CREATE INDEX event_by_time ON event(ts);
CREATE INDEX event_by_host ON event(host, ts);
CREATE INDEX event_by_code ON event(code, ts);
CREATE UNIQUE INDEX work_by_event ON work(event) WHERE event IS NOT NULL;
CREATE VIEW events AS
SELECT e.id AS event_id,
       CASE WHEN e.ts <> -9223372036854775808 THEN
         strftime('%Y-%m-%dT%H:%M:%S', (e.ts - ((e.ts % 1000000000) + 1000000000) % 1000000000)
           / 1000000000, 'unixepoch')
         || printf('.%06dZ', ((e.ts % 1000000000) + 1000000000) % 1000000000 / 1000) END AS time,
       nullif(e.ts, -9223372036854775808) AS time_ns,
       h.name AS host, c.name AS channel, p.name AS provider, e.code AS event_code,
       CASE WHEN e.flags & 65536 THEN e.record END AS record_id,
       a.name AS user, f.path AS evidence, e.offset AS offset, e.length AS length,
       coalesce(w.bookmark, 0) AS bookmark, w.note AS note
FROM event e
LEFT JOIN host h ON h.id = e.host
LEFT JOIN channel c ON c.id = e.channel
LEFT JOIN provider p ON p.id = e.provider
LEFT JOIN account a ON a.id = e.account
LEFT JOIN evidence_file f ON f.id = e.evidence
LEFT JOIN work w ON w.event = e.id;
CREATE VIEW sources AS
SELECT x.event AS event_id, p.path AS evidence, x.offset AS offset, x.length AS length
FROM (SELECT id AS event, evidence, offset, length FROM event
      UNION ALL SELECT event, evidence, offset, length FROM event_source) x
JOIN (SELECT id, path FROM evidence_file
      UNION ALL SELECT evidence, path FROM evidence_copy) p ON p.id = x.evidence;
CREATE VIEW hits AS
SELECT r.rule_id AS rule_id, p.leaf AS leaf, t.event AS event_id,
       nullif(e.ts, -9223372036854775808) AS time_ns
FROM hit t JOIN rule_predicate p ON p.predicate = t.predicate JOIN rule r ON r.id = p.rule
JOIN event e ON e.id = t.event;
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
       w.note AS note, w.key AS key, w.bookmark AS bookmark, f.what AS what
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
       hits, findings, reason, filtered, version, sha256
FROM rule_ledger;
CREATE VIEW notes AS
SELECT CASE WHEN w.key NOT LIKE 'event|%' THEN w.id END AS finding_id,
       CASE WHEN w.key NOT LIKE 'event|%' THEN coalesce(w.verdict, 'open') END AS verdict,
       w.note AS note, w.key AS key, w.bookmark AS bookmark, w.event AS event_id
FROM work w WHERE w.verdict IS NOT NULL OR w.note IS NOT NULL OR w.bookmark;
CREATE VIEW analyst_log AS
SELECT l.id AS entry, CASE WHEN w.key NOT LIKE 'event|%' THEN w.id END AS finding_id,
       CASE l.kind WHEN 0 THEN 'verdict' WHEN 1 THEN 'note' ELSE 'bookmark' END AS kind,
       l.value AS value, l.author AS author,
       CASE WHEN l.time_ns THEN
         strftime('%Y-%m-%dT%H:%M:%SZ', l.time_ns / 1000000000, 'unixepoch') END AS time,
       l.current AS current, w.event AS event_id, w.key AS key
FROM work_log l JOIN work w ON w.id = l.work;
CREATE VIEW filters AS
SELECT name AS macro, definition, rule_id, off, author,
       CASE WHEN time_ns THEN
         strftime('%Y-%m-%dT%H:%M:%SZ', time_ns / 1000000000, 'unixepoch') END AS time
FROM macro;
COMMIT;
